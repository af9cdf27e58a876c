import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { splitNotification } from './webhook-parser.js';

const WAMID = 'wamid.HBgLMTU1NTAxMDAwMDEVAgARGBIA';

const delivery = (value: object) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '900000000000001', changes: [{ field: 'messages', value }] }],
});
const metadata = { display_phone_number: '15550100100', phone_number_id: '800000000000001' };
const aStatus = (more: object = {}) => ({ id: WAMID, status: 'sent', timestamp: '1790856000', ...more });
const aMessage = (more: object = {}) => ({
  id: WAMID,
  from: '15550100001',
  type: 'text',
  text: { body: 'Hi' },
  ...more,
});
const splitFixture = (file: string) => splitNotification(readFixture('webhooks', file));
const splitStatus = (more: object) => splitNotification(delivery({ metadata, statuses: [aStatus(more)] }))[0];
const splitMessage = (more: object, value: object = {}) =>
  splitNotification(delivery({ metadata, messages: [aMessage(more)], ...value }))[0];

describe('a status', () => {
  it('is read whole', () => {
    expect(splitFixture('status_sent_v25_utility_regular.json')).toEqual([
      {
        kind: 'status',
        idx: 0,
        wabaId: '900000000000001',
        phoneNumberId: '800000000000001',
        wamid: 'wamid.HBgLMTU1NTAxMDAwMDEVAgARGBI0OTM1OURFNTMyNTlCOUNEMzgA',
        status: 'sent',
        rank: 2,
        timestamp: 1790856000,
        recipient: '15550100001',
        participant: null,
        opaque: 'msg_01J9ZK7Q2M8Y3V5T6R4N1B0D',
        errorCode: null,
        errors: null,
        pricing: { category: 'utility', type: 'regular', model: 'pmp' },
        conversation: null,
        identity: {
          person: { waId: '15550100001', userId: 'US.90000000000000000001', parentUserId: null, username: null },
          before: null,
        },
        raw: expect.objectContaining({ status: 'sent', recipient_user_id: 'US.90000000000000000001' }) as unknown,
      },
    ]);
  });

  it('keeps the conversation of the old era', () => {
    expect(splitFixture('status_sent_cbp_utility.json')[0]).toMatchObject({
      pricing: { category: 'utility', type: null, model: 'cbp' },
      conversation: { id: '33caf1e6e7fd36ee2205a8945ecec810', origin: 'utility', expiresAtSeconds: 1735819200 },
    });
  });

  it('names each participant of a group', () => {
    expect(splitFixture('status_group_delivered.json')).toMatchObject([
      { idx: 0, recipient: expect.stringMatching(/^Y2Fw/), participant: '15550100001' },
      { idx: 1, recipient: expect.stringMatching(/^Y2Fw/), participant: '15550100002' },
    ]);
  });

  it('has its errors', () => {
    expect(splitFixture('status_failed_131047.json')[0]).toMatchObject({
      rank: 3,
      errorCode: 131047,
      errors: [expect.objectContaining({ code: 131047 })],
    });
  });

  it.each([
    ['a user id', { recipient_user_id: 'US.9' }, { recipient: 'US.9' }],
    ['both ids', { recipient_id: '15550100001', recipient_user_id: 'US.9' }, { recipient: '15550100001' }],
    ['no recipient', {}, { recipient: '' }],
    ['a numeric recipient', { recipient_id: 15550100001 }, { recipient: '15550100001' }],
    ['a numeric timestamp', { timestamp: 1790856000 }, { timestamp: 1790856000 }],
    ['no timestamp', { timestamp: undefined }, { timestamp: null }],
    ['milliseconds', { timestamp: 1790856000000 }, { timestamp: null }],
    ['a date', { timestamp: '2026-11-22' }, { timestamp: null }],
    ['a negative timestamp', { timestamp: -5 }, { timestamp: null }],
    ['a warning', { status: 'warning' }, { status: 'warning', rank: 0 }],
    ['a new word', { status: 'beamed' }, { status: 'beamed', rank: 0 }],
    ['a code in quotes', { errors: [{ code: '131026' }] }, { errorCode: 131026 }],
    ['a code too big for Postgres', { errors: [{ code: 9_000_000_000 }] }, { errorCode: null }],
    ['no errors', { errors: [] }, { errorCode: null, errors: [] }],
    ['errors of another shape', { errors: 'x' }, { errorCode: null, errors: null }],
    [
      'a hyphen',
      { pricing: { category: 'Authentication-International' } },
      { pricing: { category: 'authentication_international', type: null, model: null } },
    ],
    ['empty pricing', { pricing: {} }, { pricing: null }],
    ['pricing of another shape', { pricing: [] }, { pricing: null }],
    ['an endless opaque', { biz_opaque_callback_data: 'x'.repeat(513) }, { opaque: null }],
    ['NUL', { biz_opaque_callback_data: 'a\u0000b' }, { opaque: 'ab', raw: { biz_opaque_callback_data: 'ab' } }],
  ])('with %s', (_name, change, expected) => {
    expect(splitStatus(change)).toMatchObject({ kind: 'status', ...expected });
  });

  it.each([
    { id: undefined },
    { id: '' },
    { id: {} },
    { status: undefined },
    { status: null },
    { id: 'x'.repeat(513) },
  ])('is unknown with %j', (change) => {
    expect(splitStatus(change)).toMatchObject({ kind: 'unknown', phoneNumberId: '800000000000001' });
  });
});

describe('an inbound message', () => {
  it('is read whole', () => {
    expect(splitFixture('message_text_reply_context.json')).toEqual([
      {
        kind: 'inbound_message',
        idx: 0,
        wabaId: '900000000000001',
        phoneNumberId: '800000000000001',
        wamid: expect.stringMatching(/^wamid\./),
        from: '15550100001',
        fromUserId: 'US.90000000000000000001',
        groupId: null,
        timestamp: 1790856000,
        type: 'text',
        contextWamid: expect.stringMatching(/^wamid\./),
        targetWamid: null,
        profileName: 'Test Customer A',
        identity: {
          person: { waId: '15550100001', userId: 'US.90000000000000000001', parentUserId: null, username: null },
          before: null,
        },
        raw: expect.objectContaining({ type: 'text' }) as unknown,
      },
    ]);
  });

  it.each([
    ['message_bsuid_username_no_phone.json', { from: 'US.90000000000000000002', profileName: 'Test Customer B' }],
    ['message_system_user_id_changed.json', { from: '', fromUserId: null, profileName: null }],
    ['message_legacy_pre_bsuid.json', { from: '15550100001', fromUserId: null }],
    ['message_group.json', { groupId: 'Y2FwaV9ncm91cDoxNTU1MDEwMDEwMDoxMjAzNjMwMDAwMDAwMDAwMDAZD' }],
    ['message_text_forwarded.json', { contextWamid: null }],
    ['message_reaction.json', { targetWamid: 'wamid.HBgLMTU1NTAxMDAwMDEVAgARGBJCRjE0Qzg5Mzg5QTA1MDE3QUYA' }],
    ['message_edit.json', { targetWamid: 'wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQUM5MkVDM0I1QTgyMjVFNEU3RQA=' }],
    ['message_revoke.json', { targetWamid: 'wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQUM5MkVDM0I1QTgyMjVFNEU3RQA=' }],
    ['message_text_unicode_and_escapes.json', { raw: { text: { body: 'Grüße / 50 % <ok> a@example.com 你好 🙂' } } }],
  ])('%s', (file, expected) => {
    expect(splitFixture(file)[0]).toMatchObject(expected);
  });

  it('is told from its neighbour by the contact’s id', () => {
    const contacts = [
      { wa_id: '15550100002', profile: { name: 'B' } },
      { wa_id: '15550100001', profile: { name: 'A' } },
    ];
    expect(splitMessage({}, { contacts })).toMatchObject({ profileName: 'A' });
    expect(splitMessage({ from: '15550100003' }, { contacts })).toMatchObject({ profileName: null });
  });

  it.each([
    ['no contacts', {}, null],
    ['contacts of another shape', { contacts: 'x' }, null],
    ['no profile', { contacts: [{ wa_id: '15550100001' }] }, null],
    ['no name', { contacts: [{ wa_id: '15550100001', profile: {} }] }, null],
    ['a name that is no text', { contacts: [{ wa_id: '15550100001', profile: { name: 7 } }] }, null],
    ['null contacts and one', { contacts: [null, { profile: { name: 'A' } }] }, 'A'],
    ['half an emoji', { contacts: [{ wa_id: '15550100001', profile: { name: 'A\ud83d' } }] }, 'A\ufffd'],
  ])('survives %s', (_name, value, profileName) => {
    expect(splitMessage({}, value)).toMatchObject({ kind: 'inbound_message', profileName });
  });

  it('survives without type and time, and twice', () => {
    const bare = { id: WAMID, from: '15550100001' };
    expect(splitNotification(delivery({ messages: [bare, bare] }))).toMatchObject([
      { kind: 'inbound_message', idx: 0, type: 'unknown', timestamp: null, phoneNumberId: null },
      { kind: 'inbound_message', idx: 1, type: 'unknown', timestamp: null, phoneNumberId: null },
    ]);
  });

  it('is unknown without an id', () => {
    expect(splitMessage({ id: null })).toMatchObject({ kind: 'unknown', raw: { from: '15550100001' } });
  });
});

describe('a delivery', () => {
  it('keeps every entry, change and item, in one order', () => {
    const change = {
      field: 'messages',
      value: { statuses: [aStatus(), aStatus()], messages: [aMessage()], errors: [{ code: 1 }] },
    };
    const items = splitNotification({
      entry: [
        { id: '1', changes: [change, change] },
        { id: '2', changes: [change] },
      ],
    });
    expect(items.map(({ kind }) => kind)).toEqual(
      [1, 2, 3].flatMap(() => ['inbound_message', 'status', 'status', 'account_error']),
    );
    expect(items.map(({ idx }) => idx)).toEqual([...items.keys()]);
    expect(items.map(({ wabaId }) => wabaId)).toEqual([...Array<string>(8).fill('1'), ...Array<string>(4).fill('2')]);
  });

  it('tells an account’s problem', () => {
    expect(splitFixture('errors_value_level.json')[0]).toMatchObject({
      kind: 'account_error',
      errorCode: 130429,
      title: 'Rate limit hit',
      details: expect.any(String),
    });
  });

  it('keeps the value of another field, and when it was told', () => {
    expect(splitFixture('unknown_field.json')).toEqual([
      {
        kind: 'other',
        idx: 0,
        wabaId: '900000000000001',
        phoneNumberId: null,
        field: 'field_not_invented_yet',
        time: 1790856000,
        raw: { anything: { nested: true } },
      },
    ]);
  });

  it('keeps the digits of ids sent as numbers', () => {
    const text =
      '{"entry":[{"id":12345678901234567890,"changes":[{"field":"f","value":{"id":98765432109876543210}}]}]}';
    expect(splitNotification(text)).toMatchObject([
      { wabaId: '12345678901234567890', raw: { id: '98765432109876543210' } },
    ]);
  });

  it.each(['', '{', 'null!', '<html></html>', '\u0000', undefined])('that is no JSON is unparsable: %j', (text) => {
    expect(splitNotification(text)).toEqual([{ kind: 'unparsable', idx: 0, wabaId: null }]);
  });

  it.each([
    ['null', 'null'],
    ['a text', '"x"'],
    ['a number', '7'],
    ['an array', '[]'],
    ['nothing', '{}'],
    ['no entries', '{"entry":[]}'],
    ['entries of another shape', '{"entry":{"0":{}}}'],
    ['a null entry', '{"entry":[null]}'],
    ['an entry without changes', '{"entry":[{"id":"1"}]}'],
    ['no changes', '{"entry":[{"id":"1","changes":[]}]}'],
    ['changes of another shape', '{"entry":[{"id":"1","changes":"x"}]}'],
    ['a null change', '{"entry":[{"id":"1","changes":[null]}]}'],
    ['a change without a field', '{"entry":[{"id":"1","changes":[{"value":{"statuses":[]}}]}]}'],
    ['messages without a value', '{"entry":[{"id":"1","changes":[{"field":"messages"}]}]}'],
    ['messages with an empty value', '{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[]}}]}]}'],
    ['messages that are none', '{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":{}}}]}]}'],
    ['a null message', '{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[null]}}]}]}'],
    ['a status in an array', '{"entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":[[]]}}]}]}'],
    ['another product', '{"object":"page","entry":[{"id":"1","changes":[{"field":"messages","value":{}}]}]}'],
    ['a bottomless pit', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
  ])('of an unknown shape is one unknown item: %s', (_name, text) => {
    expect(splitNotification(text)).toMatchObject([{ kind: 'unknown', idx: 0 }]);
  });

  it('is split beyond its odd parts', () => {
    const good = { field: 'messages', value: { statuses: [null, aStatus()] } };
    expect(splitNotification({ entry: [5, { changes: [7, good] }] }).map(({ kind }) => kind)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'status',
    ]);
  });
});
