import { describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture } from '../fixtures/read-fixture.js';
import { redactMessage, redactNotification } from './redact-message.js';
import { splitNotification } from './webhook-parser.js';

const inboundOf = (text: string) =>
  splitNotification(text).flatMap((item) => (item.kind === 'inbound_message' ? [item] : []));
const deliveries = listFixtures('webhooks')
  .map((file) => [file, readFixture('webhooks', file)] as const)
  .filter(([, text]) => inboundOf(text).length > 0);

describe('redactNotification', () => {
  it.each(deliveries)('%s: the message is the same one, without its content', (_file, text) => {
    const messages = inboundOf(text);
    const redacted = redactNotification(text, new Set(messages.map(({ wamid }) => wamid))) ?? text;
    expect(inboundOf(redacted)).toEqual(messages.map((message) => ({ ...message, raw: redactMessage(message.raw) })));
  });

  it('leaves nothing that was written, and everything of the other messages', () => {
    const bodies = ['first secret', 'second', 'third'];
    const messages = bodies.map((body, index) => ({
      id: `wamid.${index}`,
      from: '15550100001',
      timestamp: '1790856000',
      type: 'text',
      text: { body },
      context: { id: 'wamid.ours', from: '15550100100', referred_product: { catalog_id: 'a secret' } },
      referral: { headline: 'a secret' },
    }));
    const text = JSON.stringify({ entry: [{ id: '1', changes: [{ field: 'messages', value: { messages } }] }] });
    const redacted = String(redactNotification(text, new Set(['wamid.0'])));
    expect(redacted).not.toContain('first secret');
    expect(inboundOf(redacted).map(({ raw }) => raw)).toEqual([
      {
        id: 'wamid.0',
        from: '15550100001',
        timestamp: '1790856000',
        type: 'text',
        context: { id: 'wamid.ours', from: '15550100100' },
        referral: {},
      },
      messages[1],
      messages[2],
    ]);
    expect(redactNotification(redacted, new Set(['wamid.0']))).toBeNull();
  });

  it('finds a message by the id that is stored for it', () => {
    const text =
      '{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"id":"wamid\\u0000.1","text":{"body":"x"}}]}}]}]}';
    expect(redactNotification(text, new Set(['wamid.1']))).not.toContain('body');
  });

  it.each(['', '{', '[]', 'null', '{"entry":[{"changes":[{"value":{"messages":{}}}]}]}'])(
    'finds nothing in %j',
    (text) => {
      expect(redactNotification(text, new Set(['wamid.1']))).toBeNull();
    },
  );
});
