import { describe, expect, it } from '@jest/globals';
import type { InboundMessageItem, StatusItem } from '#graph-api';
import { deletionsOf } from './deletions.js';

const receivedAt = new Date('2026-11-22T12:00:00Z');
const second = (offset: number) => receivedAt.getTime() / 1_000 + offset;
const arrived = <Item>(item: object) => ({ item: item as Item, inboxId: 'an inbox', receivedAt });
const aRevoke = (change: object = {}) =>
  arrived<InboundMessageItem>({
    type: 'revoke',
    phoneNumberId: '8',
    targetWamid: 'wamid.1',
    timestamp: second(-9),
    ...change,
  });
const aStatus = (change: object = {}) =>
  arrived<StatusItem>({ status: 'deleted', phoneNumberId: '8', wamid: 'wamid.1', timestamp: second(-5), ...change });
const deletion = (offset: number, change: object = {}) => ({
  wamid: 'wamid.1',
  phoneNumberId: '8',
  deletedAt: new Date(second(offset) * 1_000),
  ...change,
});

describe('deletionsOf', () => {
  it.each([
    ['a revoke', [aRevoke()], [], [deletion(-9)]],
    ['a status', [], [aStatus()], [deletion(-5)]],
    ['both: the earliest', [aRevoke()], [aStatus()], [deletion(-9)]],
    ['both, the other way', [aRevoke({ timestamp: second(-1) })], [aStatus()], [deletion(-5)]],
    ['one without a time: when it came', [aRevoke({ timestamp: null })], [], [deletion(0)]],
    ['one from the future: a minute ahead at most', [aRevoke({ timestamp: second(9_999) })], [], [deletion(60)]],
    [
      'two senders',
      [aRevoke(), aRevoke({ phoneNumberId: '9' })],
      [],
      [deletion(-9), deletion(-9, { phoneNumberId: '9' })],
    ],
    ['a revoke of nothing', [aRevoke({ targetWamid: null })], [], []],
    ['other messages and statuses', [aRevoke({ type: 'edit' })], [aStatus({ status: 'read' })], []],
  ])('of %s', (_name, inbound, statuses, expected) => {
    expect(deletionsOf(inbound, statuses)).toEqual(expected);
  });
});
