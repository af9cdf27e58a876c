import { describe, expect, it } from '@jest/globals';
import { describeReason } from '../explain/dispatch-reasons.js';
import type { MessageRow } from './message-row.js';
import { viewMessage } from './message-view.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second));
const now = at(30);
const aRow = (overrides: Partial<MessageRow> = {}): MessageRow => ({
  id: '0193525e-0000-7000-8000-000000000001',
  phoneNumberId: '800000000000001',
  recipient: '15550100001',
  recipientKind: 'phone',
  recipientInput: '+1 (555) 010-0001',
  country: 'NANP',
  api: 'messages',
  type: 'text',
  category: null,
  categorySource: null,
  priority: 1,
  policy: 'at_least_once',
  state: 'accepted',
  reason: 'answered',
  attemptNo: 1,
  nextAttemptAt: null,
  leaseUntil: null,
  expiresAt: at(59),
  errorCode: null,
  waRank: 0,
  sentAt: null,
  deliveredAt: null,
  readAt: null,
  playedAt: null,
  failedAt: null,
  waErrorCode: null,
  deletedAt: null,
  presumedDroppedAt: null,
  createdAt: at(0),
  updatedAt: at(9),
  content: { type: 'text', text: { body: 'hello' } },
  tags: [],
  clientReference: null,
  clientCallbackData: null,
  windowFallback: null,
  windowPolicy: 'enforce',
  mediaMode: null,
  wamid: 'wamid.1',
  acceptedAttempts: 1,
  lastHttpStatus: 200,
  lastEndedAt: at(5),
  resolveAfter: null,
  warnings: null,
  charges: null,
  estimate: null,
  holdScope: null,
  holdUntil: null,
  holdErrorCode: null,
  isLaneBroken: false,
  ...overrides,
});
const view = (overrides: Partial<MessageRow>) => viewMessage(aRow(overrides), now);

describe('status and its times', () => {
  it.each([
    [{ waRank: 0 }, { status: null, sentAt: null, deliveredAt: null, readAt: null }],
    [{ waRank: 1 }, { status: null }],
    [
      { waRank: 2, sentAt: at(1) },
      { status: 'sent', sentAt: at(1), deliveredAt: null },
    ],
    [
      { waRank: 4, deliveredAt: at(2) },
      { status: 'delivered', sentAt: at(2), deliveredAt: at(2), readAt: null },
    ],
    [
      { waRank: 5, sentAt: at(1), readAt: at(3) },
      { status: 'read', sentAt: at(1), deliveredAt: at(3), readAt: at(3) },
    ],
    [
      { waRank: 6, playedAt: at(4) },
      { status: 'played', sentAt: at(4), deliveredAt: at(4), readAt: at(4), playedAt: at(4) },
    ],
    [
      { waRank: 3, failedAt: at(2), waErrorCode: 131026 },
      { status: 'failed', failedAt: at(2), deliveredAt: null },
    ],
    [
      { waRank: 4, failedAt: at(2), deliveredAt: at(3) },
      { status: 'delivered', failedAt: null },
    ],
  ])('%j', (row, expected) => expect(view(row)).toMatchObject(expected));
});

describe('error', () => {
  it.each([
    ['accepted', {}, null],
    ['failed by status', { waRank: 3, waErrorCode: 131047 }, 131047],
    ['failed by status without a code', { waRank: 3 }, 'failed_without_code'],
    ['delivered after a failure', { waRank: 4, waErrorCode: 131047 }, null],
    ['refused', { state: 'failed', reason: 'rejected', errorCode: 131051 }, 131051],
    ['refused by a rule of ours', { state: 'failed', reason: 'never_written' }, 'never_written'],
    ['expired', { state: 'expired', reason: 'expired' }, 'expired'],
    ['tried again', { state: 'queued', reason: 'retry', errorCode: 131000, nextAttemptAt: at(40) }, 131000],
    ['waiting', { state: 'queued', reason: 'new', nextAttemptAt: at(1) }, null],
    ['unknown', { state: 'unknown', reason: 'earlier_attempt_unproven' }, 'earlier_attempt_unproven'],
  ] as [string, Partial<MessageRow>, unknown][])('%s', (_case, row, code) => {
    const { error } = view(row);
    expect(error?.code ?? null).toBe(code);
    if (error !== null)
      expect(error).toMatchObject({ title: expect.stringMatching(/../), advice: expect.stringMatching(/../) });
  });

  it('dates a refusal by its attempt, or else by the row', () => {
    expect(view({ state: 'failed', reason: 'rejected' }).failedAt).toEqual(at(5));
    expect(view({ state: 'failed', reason: 'rejected', lastEndedAt: null }).failedAt).toEqual(at(9));
  });
});

describe('what it waits for', () => {
  it.each([
    [{ state: 'queued', reason: 'new', nextAttemptAt: at(1) }, 'worker', null],
    [{ state: 'queued', reason: 'scheduled', nextAttemptAt: at(50) }, 'schedule', at(50)],
    [{ state: 'queued', reason: 'retry', nextAttemptAt: at(50) }, 'retry', at(50)],
    [{ state: 'queued', reason: 'not_sent', nextAttemptAt: at(50) }, 'retry', at(50)],
    [{ state: 'queued', reason: 'throttled', nextAttemptAt: at(50) }, 'throttle', at(50)],
    [{ state: 'queued', reason: 'throttled', nextAttemptAt: at(1) }, 'worker', null],
    [{ state: 'queued', nextAttemptAt: at(1), holdScope: 'sender', holdUntil: at(55) }, 'hold.sender', at(55)],
    [{ state: 'queued', nextAttemptAt: at(1), holdScope: 'access_token' }, 'hold.access_token', null],
    [{ state: 'sending', leaseUntil: at(45) }, 'answer', at(45)],
    [{ state: 'uncertain', resolveAfter: at(46) }, 'evidence', at(46)],
    [{ state: 'accepted' }, null, null],
    [{ state: 'failed', holdScope: 'sender' }, null, null],
  ] as [Partial<MessageRow>, string | null, Date | null][])('%j', (row, waitsFor, waitsUntil) =>
    expect(view(row)).toMatchObject({ waitsFor, waitsUntil }),
  );
});

describe('the rest', () => {
  it('shows content as it is and the recipient with +', () =>
    expect(view({ priority: 0 })).toMatchObject({
      to: '+15550100001',
      from: '800000000000001',
      priority: 'urgent',
      message: { type: 'text', text: { body: 'hello' } },
    }));

  it.each([
    [
      { recipientKind: 'user', recipient: 'US.1', recipientInput: 'US.1', country: 'US' },
      { to: { userId: 'US.1' }, input: 'US.1', country: 'US' },
    ],
    [
      { recipientKind: 'group', recipient: 'g1', recipientInput: null, country: null },
      { to: { groupId: 'g1' }, input: 'g1', country: null },
    ],
    [{}, { to: '+15550100001', input: '+1 (555) 010-0001', country: 'NANP', api: 'messages' }],
  ] as const)('names a recipient of any kind, and as it was given: %j', (row, shown) =>
    expect(view(row)).toMatchObject(shown),
  );

  it('shows erased content as none', () =>
    expect(view({ content: null, tags: null })).toMatchObject({ message: null, tags: [] }));

  it('warns of a suspected duplicate', () =>
    expect(view({ acceptedAttempts: 2 }).warnings).toEqual([expect.objectContaining({ code: 'duplicate_suspected' })]));
});

describe('describeReason', () => {
  it('has words for a reason that it does not know', () =>
    expect(describeReason('lost_in_space')).toMatchObject({ title: 'lost in space' }));
});
