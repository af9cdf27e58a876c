import { describe, expect, it } from '@jest/globals';
import type { MessageView, TimelineEntry } from '#messages';
import { describeMessage } from './describe-message.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second));

const aMessage: MessageView = {
  id: '01990000-0000-7000-8000-000000000001',
  from: '800000000000001',
  to: '+15550100101',
  input: '+15550100101',
  country: 'NANP',
  api: 'messages',
  type: 'text',
  message: { type: 'text', text: { body: 'Hello' } },
  priority: 'standard',
  deliveryPolicy: 'at_least_once',
  category: null,
  categorySource: null,
  windowPolicy: 'enforce',
  mediaMode: 'link',
  windowFallback: null,
  tags: [],
  clientReference: null,
  clientCallbackData: null,
  state: 'failed',
  status: null,
  error: { code: 131026, title: 'Message undeliverable', advice: 'Check the number.' },
  warnings: [],
  waWamid: null,
  attempts: 1,
  waitsFor: null,
  waitsUntil: null,
  explanation: { what: 'It was delivered', why: null, move: 'nobody', advice: 'Nothing to do.' },
  createdAt: at(0),
  expiresAt: at(59),
  sentAt: null,
  deliveredAt: null,
  readAt: null,
  playedAt: null,
  failedAt: at(2),
  deletedAt: null,
  estimate: null,
  cost: {
    amountMicros: 6_800,
    currency: 'USD',
    charges: [
      {
        wamid: 'wamid.1',
        member: null,
        mark: 'rated',
        category: 'utility',
        market: 'Brazil',
        pricingCategory: 'utility',
        pricingType: 'regular',
        chargedAt: new Date(0),
        amountMicros: 6_800,
        currency: 'USD',
        explanation: 'Why it costs that.',
      },
    ],
  },
  presumedDroppedAt: null,
};

const timeline: TimelineEntry[] = [
  { at: at(0), kind: 'event', what: 'message.queued', who: 'api', why: null, attempt: null, details: {} },
  {
    at: at(1),
    kind: 'attempt',
    what: 'rejected_permanent',
    who: 'worker',
    why: 'Undeliverable',
    attempt: 1,
    details: { code: 131026 },
  },
];

describe('describeMessage', () => {
  it('shows facts, attempts and timeline, and leaves out what is not known', () => {
    const lines = describeMessage('shop', aMessage, timeline);
    expect(lines).toEqual(
      expect.arrayContaining([
        'client\tshop',
        'state\tfailed',
        'cost\t0.006800 USD',
        'cost because\tWhy it costs that.',
        'error\t131026 Message undeliverable. Check the number.',
        'message\t{"type":"text","text":{"body":"Hello"}}',
      ]),
    );
    expect(lines.join('\n')).not.toMatch(/^(status|wamid|waits for)/m);
    expect(lines.slice(lines.indexOf('attempts'))).toEqual([
      'attempts',
      '1\t2026-11-22T12:00:01.000Z\trejected_permanent\tUndeliverable\t{"code":131026}',
      '',
      'timeline',
      '2026-11-22T12:00:00.000Z\tevent\tmessage.queued\tapi\t-',
      '2026-11-22T12:00:01.000Z\tattempt\trejected_permanent\tworker\tUndeliverable',
    ]);
  });
});
