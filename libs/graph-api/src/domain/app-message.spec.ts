import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { readAppMessages } from './app-message.js';
import type { OtherItem } from './notification-item.js';
import { splitNotification } from './webhook-parser.js';

const ofFixture = (file: string) => readAppMessages(splitNotification(readFixture('webhooks', file))[0] as OtherItem);
const metadata = { display_phone_number: '15550100100', phone_number_id: '800000000000001' };
const echo = (message: unknown) => readAppMessages({ raw: { metadata, message_echoes: [message] } });

describe('messages of the app', () => {
  it('that were sent from it are to the contact', () => {
    expect(ofFixture('smb_message_echo.json')).toMatchObject([
      {
        contact: '15550100001',
        isOutbound: true,
        origin: 'echo',
        type: 'text',
        timestamp: 1_790_856_000,
        status: null,
        raw: { text: { body: 'Typed on the phone' } },
      },
    ]);
  });

  it('of its history are of both sides, with how far they came', () => {
    expect(ofFixture('history_chunk.json')).toMatchObject([
      { contact: '15550100001', isOutbound: true, origin: 'history', type: 'text', status: 'read' },
      { contact: '15550100001', isOutbound: false, origin: 'history', type: 'media_placeholder', status: 'played' },
    ]);
  });

  it('of its history that the business keeps to itself are none', () => {
    expect(ofFixture('history_declined.json')).toEqual([]);
  });

  it('whose files come by themselves are read alike', () => {
    const image = { id: 'wamid.1', from: '15550100001', timestamp: 1_790_856_000, type: 'image', image: { id: '7' } };
    expect(readAppMessages({ raw: { metadata, messages: [image] } })).toMatchObject([
      { isOutbound: false, origin: 'history', type: 'image', timestamp: 1_790_856_000 },
    ]);
  });

  it.each([
    ['edit', { original_message_id: 'wamid.0' }],
    ['revoke', { original_message_id: 'wamid.0' }],
    ['reaction', { message_id: 'wamid.0', emoji: 'x' }],
  ])('of type %s name their message', (type, part) => {
    expect(echo({ id: 'wamid.1', to: '15550100001', type, [type]: part })).toMatchObject([
      { type, targetWamid: 'wamid.0' },
    ]);
  });

  it.each([
    ['null', null, []],
    ['no id', { to: '15550100001' }, []],
    ['nobody on the other side', { id: 'wamid.1', from: '15550100100' }, []],
    ['no time and no type', { id: 'wamid.1', to: '15550100001' }, [{ timestamp: null, type: 'unknown' }]],
    ['a person without a number', { id: 'wamid.1', to_user_id: 'US.9' }, [{ contact: 'US.9' }]],
  ])('with %s', (_what, message, expected) => {
    expect(echo(message)).toMatchObject(expected);
  });

  it.each([[null], ['x'], [{ message_echoes: {} }], [{ history: [{ threads: 'x' }] }], [{ history: [null] }]])(
    'of another shape are none: %j',
    (raw) => {
      expect(readAppMessages({ raw })).toEqual([]);
    },
  );
});
