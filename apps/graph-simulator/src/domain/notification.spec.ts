import { describe, expect, it } from '@jest/globals';
import { packNotifications } from './notification.js';
import type { NotificationItem } from './notification.js';

describe('packNotifications', () => {
  it('puts at most the batch size into one delivery', () => {
    const items = Array.from({ length: 45 }, (_, id) => status('1', id));
    expect(packNotifications(items, 20).map((envelope) => countItems([envelope]))).toEqual([20, 20, 5]);
    expect(packNotifications(items, 1)).toHaveLength(45);
    expect(packNotifications([], 20)).toEqual([]);
  });

  it('makes an entry for each account and a change for each number and kind', () => {
    const items = [
      status('1', 1),
      status('2', 2),
      failed('1', 3),
      message('1', 4),
      status('1', 5),
      otherAccount('3', 6),
    ];
    const [envelope] = packNotifications(items, 20);
    expect(envelope?.entry.map(({ id, changes }) => [id, changes.length])).toEqual([
      ['900000000000001', 4],
      ['900000000000002', 1],
    ]);
    expect(envelope?.entry[0]?.changes.map(({ value }) => Object.keys(value))).toEqual([
      ['messaging_product', 'metadata', 'contacts', 'statuses'],
      ['messaging_product', 'metadata', 'contacts', 'statuses'],
      ['messaging_product', 'metadata', 'statuses'],
      ['messaging_product', 'metadata', 'contacts', 'messages'],
    ]);
  });

  it('keeps the order of items and names each contact once', () => {
    const [envelope] = packNotifications([status('1', 1), status('1', 2), status('1', 3)], 20);
    expect(envelope?.entry[0]?.changes[0]?.value).toMatchObject({
      contacts: [{ user_id: 'US.1' }],
      statuses: [{ id: 1 }, { id: 2 }, { id: 3 }],
    });
  });
});

function status(phoneNumberId: string, id: number): NotificationItem {
  const sender = { phoneNumberId, wabaId: '900000000000001', displayPhoneNumber: '15550100100' };
  return { kind: 'status', sender, contact: { profile: { name: 'A' }, user_id: 'US.1' }, item: { id } };
}

function failed(phoneNumberId: string, id: number): NotificationItem {
  return { ...status(phoneNumberId, id), contact: null };
}

function message(phoneNumberId: string, id: number): NotificationItem {
  return { ...status(phoneNumberId, id), kind: 'message' };
}

function otherAccount(phoneNumberId: string, id: number): NotificationItem {
  const item = status(phoneNumberId, id);
  return { ...item, sender: { ...item.sender, wabaId: '900000000000002' } };
}

function countItems(envelopes: ReturnType<typeof packNotifications>): number {
  return envelopes
    .flatMap(({ entry }) => entry)
    .flatMap(({ changes }) => changes)
    .reduce((count, { value }) => count + ((value as { statuses?: object[] }).statuses?.length ?? 0), 0);
}
