import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { identitiesOfChange } from './identity.js';
import { splitNotification } from './webhook-parser.js';

const NOBODY = { waId: null, userId: null, parentUserId: null, username: null };
const identityIn = (file: string) => {
  const [item] = splitNotification(readFixture('webhooks', file));
  return item !== undefined && 'identity' in item ? item.identity : undefined;
};
const delivery = (value: object) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '900000000000001', changes: [{ field: 'messages', value }] }],
});
const personsIn = (value: object) =>
  splitNotification(delivery(value)).map((item) => ('identity' in item ? item.identity.person : null));
const message = (more: object) => ({ id: 'wamid.1', type: 'text', ...more });

describe('whom an item is about', () => {
  it.each<[string, object, object | null]>([
    ['message_bsuid_username_no_phone.json', { userId: 'US.90000000000000000002', username: 'test.customer_b' }, null],
    [
      'message_parent_bsuid.json',
      { waId: '15550100001', userId: 'US.90000000000000000001', parentUserId: 'US.ENT.90000000000000000009' },
      null,
    ],
    ['message_legacy_pre_bsuid.json', { waId: '15550100001' }, null],
    ['message_identity_key_hash.json', { waId: '15550100001', userId: 'US.90000000000000000001' }, null],
    [
      'message_system_number_changed.json',
      { waId: '15550100003', userId: 'US.90000000000000000003' },
      { waId: '15550100001', userId: 'US.90000000000000000001' },
    ],
    [
      'message_system_user_id_changed.json',
      { userId: 'US.90000000000000000003' },
      { userId: 'US.90000000000000000001' },
    ],
    ['status_sent_bsuid_no_phone.json', { userId: 'US.90000000000000000002' }, null],
    ['status_delivered_bsuid_username.json', { userId: 'US.90000000000000000002', username: 'test.customer_b' }, null],
    ['status_failed_bsuid.json', { userId: 'US.90000000000000000001' }, null],
    ['status_group_delivered.json', { waId: '15550100001' }, null],
  ])('%s', (file, person, before) => {
    const found = identityIn(file);
    expect(found?.person).toEqual({ ...NOBODY, ...person });
    expect(found?.before ?? null).toEqual(before === null ? null : { ...NOBODY, ...before });
  });

  it('is completed by the entry of the same person alone', () => {
    const contacts = [
      { wa_id: '15550100001', user_id: 'US.1', profile: { username: 'one' } },
      { wa_id: '15550100002', user_id: 'US.2' },
    ];
    const messages = [message({ from: '15550100002' }), message({ from_user_id: 'US.1' })];
    expect(personsIn({ contacts, messages })).toEqual([
      { ...NOBODY, waId: '15550100002', userId: 'US.2' },
      { ...NOBODY, waId: '15550100001', userId: 'US.1', username: 'one' },
    ]);
  });

  it('is completed by the lone entry that has its number in another form', () => {
    const contacts = [{ wa_id: '525512345678', user_id: 'MX.1', profile: { username: 'one' } }];
    expect(personsIn({ contacts, messages: [message({ from: '5215512345678' })] })).toEqual([
      { ...NOBODY, waId: '5215512345678', userId: 'MX.1', username: 'one' },
    ]);
  });

  it.each<[string, object, object]>([
    ['another number', { wa_id: '15550100009', user_id: 'US.9' }, { from: '15550100001' }],
    ['another user', { wa_id: '15550100001', user_id: 'US.9' }, { from: '15550100001', from_user_id: 'US.1' }],
  ])('is not completed by the entry of %s', (_name, contact, ids) => {
    const [person] = personsIn({ contacts: [contact], messages: [message(ids)] });
    expect(person?.userId).not.toBe('US.9');
  });

  it('is the lone entry of a lone message, of several nobody', () => {
    const contacts = [{ user_id: 'US.1' }];
    const one = message({ from: '15550100001' });
    expect(personsIn({ contacts, messages: [one] })).toMatchObject([{ userId: 'US.1' }]);
    expect(personsIn({ contacts, messages: [one, message({ from: '15550100002' })] })).toMatchObject([
      { userId: null },
      { userId: null },
    ]);
  });

  it.each<[string, object]>([
    ['no shape', { contacts: 'x', messages: [message({ from: { a: 1 }, from_user_id: [] })] }],
    ['a system message without its object', { messages: [{ id: 'wamid.1', type: 'system' }] }],
    ['letters for digits', { messages: [message({ from: 'somebody' })] }],
  ])('is nobody with %s', (_name, value) => {
    expect(personsIn(value)).toEqual([NOBODY]);
  });
});

describe('a change of a user id without the one before', () => {
  it('is from the number that is named', () => {
    const system = { type: 'user_changed_user_id', user_id: 'US.2' };
    const [item] = splitNotification(
      delivery({ messages: [{ id: 'w', type: 'system', from: '15550100001', system }] }),
    );
    expect(item).toMatchObject({
      identity: { person: { waId: null, userId: 'US.2' }, before: { waId: '15550100001', userId: null } },
    });
  });
});

describe('identitiesOfChange', () => {
  it('reads choices and calls of contacts', () => {
    const valueOf = (file: string) => {
      const [item] = splitNotification(readFixture('webhooks', file));
      return item?.kind === 'other' ? item.raw : null;
    };
    expect(identitiesOfChange(valueOf('user_preferences_stop.json'))).toMatchObject([
      { person: { waId: '15550100001', userId: 'US.90000000000000000001' }, timestamp: 1_790_856_000 },
    ]);
    expect(identitiesOfChange(valueOf('calls_connect.json'))).toMatchObject([{ person: { waId: '15550100001' } }]);
    expect(identitiesOfChange({ calls: [{ from: '1', direction: 'BUSINESS_INITIATED' }, 7] })).toEqual([]);
    expect(identitiesOfChange(null)).toEqual([]);
  });
});
