import { describe, expect, it } from '@jest/globals';
import { listFixtures, type NotificationItem, readFixture, splitNotification } from '#graph-api';
import { sortItems } from './sort-items.js';

const receivedAt = new Date('2026-11-22T12:00:00Z');
const now = receivedAt.getTime() / 1_000;
const ours = (phoneNumberId: string | null, wabaId: string | null) =>
  phoneNumberId === '800000000000001' || (phoneNumberId === null && wabaId === '900000000000001');
const sort = (...items: NotificationItem[]) =>
  sortItems(
    items.map((item) => ({ item, inboxId: 'i', receivedAt })),
    ours,
    {
      accounts: new Set(['business_capability_update']),
      templates: new Set(['message_template_status_update']),
    },
  );
const fixture = (file: string) => splitNotification(readFixture('webhooks', file));
/** A fixture's first item, with the second `ageDays` ago. */
const aged = (file: string, ageDays: number) =>
  ({ ...fixture(file)[0], timestamp: now - ageDays * 86_400 }) as NotificationItem;

const PARKED = { inboxId: 'i', wabaId: '900000000000001', phoneNumberId: '1' };

describe('sortItems', () => {
  it('takes what tells of accounts', () => {
    const { accounts, unhandled } = sort(...fixture('capability_250.json'), ...fixture('phone_name_approved.json'));
    expect(accounts.map(({ item }) => item.field)).toEqual(['business_capability_update']);
    expect(unhandled).toEqual([{ field: 'phone_number_name_update', kind: 'other' }]);
  });

  it('takes what tells of templates', () => {
    const { templates, unhandled } = sort(...fixture('template_status_paused.json'));
    expect([templates.map(({ item }) => item.field), unhandled]).toEqual([['message_template_status_update'], []]);
  });

  it('takes statuses and inbound messages of our senders', () => {
    const sorted = sort(aged('status_read_v25_no_pricing.json', 0), aged('message_text.json', 29));
    expect([sorted.statuses.length, sorted.inbound.length, sorted.unhandled]).toEqual([1, 1, []]);
  });

  it('counts what tells of accounts that are not ours', () => {
    const foreign = { ...fixture('capability_250.json')[0], wabaId: '1' } as NotificationItem;
    const { accounts, unhandled } = sort(foreign);
    const parked = { inboxId: 'i', wabaId: '1', phoneNumberId: null };
    expect([accounts, unhandled]).toEqual([
      [],
      [{ field: 'business_capability_update', kind: 'unknown_account', parked }],
    ]);
  });

  it('takes what is dated ahead, and counts it', () => {
    const { statuses, unhandled } = sort(aged('status_read_v25_no_pricing.json', -1));
    expect([statuses.length, unhandled]).toEqual([1, [{ field: 'messages', kind: 'time_ahead' }]]);
  });

  it('takes calls of our senders', () => {
    expect(sort(...fixture('calls_connect.json')).calls).toHaveLength(1);
  });

  it.each([
    [
      'a call to a sender that is not ours',
      { ...fixture('calls_connect.json')[0], phoneNumberId: '1' } as NotificationItem,
      { field: 'calls', kind: 'unknown_sender', parked: PARKED },
    ],
    ['older than 30 days', aged('message_text.json', 31), { field: 'messages', kind: 'too_old' }],
    [
      'of a sender that is not ours',
      { ...aged('message_text.json', 0), phoneNumberId: '1' } as NotificationItem,
      { field: 'messages', kind: 'unknown_sender', parked: PARKED },
    ],
    [
      'of no sender',
      { ...aged('message_text.json', 0), phoneNumberId: null } as NotificationItem,
      { field: 'messages', kind: 'unknown_sender' },
    ],
    [
      'an account error',
      fixture('errors_value_level.json')[0] as NotificationItem,
      { field: 'messages', kind: 'account_error' },
    ],
    ['another field', fixture('account_alert.json')[0] as NotificationItem, { field: 'account_alerts', kind: 'other' }],
    ['not JSON', splitNotification('{')[0] as NotificationItem, { field: '', kind: 'unparsable' }],
  ])('counts what is %s', (_name, item, counted) => {
    expect(sort(item)).toEqual({
      statuses: [],
      inbound: [],
      accounts: [],
      app: [],
      templates: [],
      calls: [],
      preferences: [],
      unhandled: [counted],
    });
  });

  it.each(listFixtures('webhooks'))('loses no item of %s', (file) => {
    const items = fixture(file);
    const sorted = Object.values(sort(...items) as unknown as Record<string, unknown[]>);
    expect(sorted.reduce((sum, { length }) => sum + length, 0)).toBe(items.length);
  });
});
