import { describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture, splitNotification } from '#graph-api';
import { inboundText } from './inbound-text.js';

const textsOf = (file: string) =>
  splitNotification(readFixture('webhooks', file)).flatMap((item) =>
    item.kind === 'inbound_message' ? [inboundText(item.raw)] : [],
  );

describe('inboundText', () => {
  it.each([
    ['message_button_template.json', 'Confirm'],
    ['message_interactive_button_reply.json', 'Yes'],
    ['message_edit.json', 'Is it available in red?'],
    ['message_reaction.json', '👍'],
    ['message_reaction_removed.json', null],
    ['message_location.json', null],
    ['message_revoke.json', null],
    ['message_text_unicode_and_escapes.json', 'Grüße / 50 % <ok> a@example.com 你好 🙂'],
  ])('of %s is %j', (file, text) => {
    expect(textsOf(file)).toEqual([text]);
  });

  it('is a text or null for every fixture', () => {
    const texts = listFixtures('webhooks').flatMap(textsOf);
    expect(texts.length).toBeGreaterThan(30);
    for (const text of texts) expect(text === null || text.length > 0).toBe(true);
  });

  it.each([[{}], [{ type: 'text' }], [{ type: 'text', text: null }], [{ type: 'interactive', interactive: [] }]])(
    'is null for %j',
    (content) => {
      expect(inboundText(content)).toBeNull();
    },
  );
});
