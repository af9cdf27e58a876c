import { describe, expect, it } from '@jest/globals';
import { type AttemptFact, buildTimeline, type EventFact, type StatusFact } from './timeline.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second));
const anEvent = (overrides: Partial<EventFact>): EventFact => ({
  id: 'e',
  type: 'message.queued',
  payload: { by: 'api', reason: 'new' },
  createdAt: at(0),
  ...overrides,
});
const anAttempt = (overrides: Partial<AttemptFact>): AttemptFact => ({
  no: 1,
  state: 'accepted',
  httpStatus: 200,
  wamid: 'wamid.1',
  errorCode: null,
  detail: null,
  startedAt: at(1),
  endedAt: at(2),
  ...overrides,
});
const aStatus = (overrides: Partial<StatusFact>): StatusFact => ({
  attemptNo: 1,
  recipient: '15550100001',
  status: 'sent',
  ts: BigInt(at(2).getTime() / 1_000),
  code: 0,
  pricingCategory: null,
  pricingType: null,
  pricingModel: null,
  eventId: 's',
  ...overrides,
});

describe('buildTimeline', () => {
  it('tells each fact once, in order, with who and why', () => {
    const timeline = buildTimeline({
      events: [
        anEvent({ id: '4', type: 'message.sent', payload: { by: 'meta', attempt: 1 }, createdAt: at(4) }),
        anEvent({
          id: '3',
          type: 'message.accepted',
          payload: { by: 'worker', reason: 'answered', attempt: 1 },
          createdAt: at(3),
        }),
        anEvent({ id: '2', type: 'message.sending', payload: { by: 'worker', attempt: 1 }, createdAt: at(1) }),
        anEvent({ id: '1' }),
      ],
      attempts: [anAttempt({})],
      statuses: [aStatus({ eventId: '4' })],
    });
    expect(
      timeline.map(({ at, kind, what, who, why, attempt }) => [at.getUTCSeconds(), kind, what, who, why, attempt]),
    ).toEqual([
      [0, 'event', 'message.queued', 'api', 'Accepted from the client', null],
      [1, 'event', 'message.sending', 'worker', null, 1],
      [1, 'attempt', 'accepted', 'worker', null, 1],
      [3, 'event', 'message.accepted', 'worker', 'Meta took it', 1],
      [4, 'status', 'sent', 'meta', null, 1],
    ]);
  });

  it('explains a failed status and shows its price', () => {
    const [entry] = buildTimeline({
      events: [],
      attempts: [],
      statuses: [aStatus({ status: 'failed', code: 131047, pricingCategory: 'utility', pricingType: 'regular' })],
    });
    expect(entry).toMatchObject({
      at: at(2),
      why: expect.stringMatching(/./),
      details: { code: 131047, reportedAt: at(2), pricing: { category: 'utility', type: 'regular' } },
    });
  });

  it('leaves out what is not known', () => {
    const [entry] = buildTimeline({
      events: [],
      statuses: [],
      attempts: [anAttempt({ state: 'started', endedAt: null, httpStatus: null, wamid: null })],
    });
    expect(entry?.details).toEqual({});
  });
});
