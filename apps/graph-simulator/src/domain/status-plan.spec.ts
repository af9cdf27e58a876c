import { describe, expect, it } from '@jest/globals';
import type { AcceptedMessage } from './accepted-message.js';
import { PLAIN } from './behaviour.js';
import { scenarioOfName } from './scenario-choice.js';
import { planStatuses, replyAt } from './status-plan.js';

const DELAYS = { sent: 30, delivered: 60, read: 120 };

/** status, arrival and happening after 1000 ms, and whether it says a price. */
type Row = [status: string, arrivesAfter: number, happensAfter: number, hasPricing: boolean];

const SENT: Row = ['sent', 30, 30, true];
const DELIVERED: Row = ['delivered', 60, 60, true];
const READ: Row = ['read', 120, 120, false];

describe('planStatuses', () => {
  it.each<[string, Partial<AcceptedMessage>, Row[]]>([
    ['plain', {}, [SENT, DELIVERED, READ]],
    ['a reaction only reaches sent', { type: 'reaction' }, [SENT]],
    ['a voice message is played', { isVoice: true }, [SENT, DELIVERED, READ, ['played', 240, 240, false]]],
    ['outside the window it fails', { isOutsideWindow: true }, [['failed', 30, 30, false]]],
    [
      'duplicated',
      scenario('duplicated'),
      [SENT, DELIVERED, READ, ['sent', 150, 30, true], ['delivered', 180, 60, true], ['read', 240, 120, false]],
    ],
    ['out of order', scenario('out_of_order'), [['read', 30, 120, false], DELIVERED, ['sent', 120, 30, true]]],
    ['none', scenario('no_statuses'), []],
    ['no delivered: read says the price', scenario('no_delivered'), [SENT, ['read', 120, 120, true]]],
    [
      'late',
      scenario('late_statuses', 2),
      [
        ['sent', 2030, 30, true],
        ['delivered', 2060, 60, true],
        ['read', 2120, 120, false],
      ],
    ],
    ['failed', scenario('failed_status', 131026), [['failed', 30, 30, false]]],
  ])('%s', (_says, overrides, expected) => {
    const rows = planStatuses(aMessage(overrides), DELAYS).map(({ status, arrivesAt, happensAt, hasPricing }): Row => [
      status,
      arrivesAt - 1000,
      happensAt - 1000,
      hasPricing,
    ]);
    expect(rows).toEqual(expected);
  });

  it('carries the error of a failure', () => {
    expect(planStatuses(aMessage({ isOutsideWindow: true }), DELAYS)[0]?.code).toBe(131047);
    expect(planStatuses(aMessage(scenario('failed_status', 131026)), DELAYS)[0]?.code).toBe(131026);
  });
});

describe('replyAt', () => {
  it('comes after the last status', () => {
    expect(replyAt(aMessage({}), DELAYS)).toBe(1240);
  });
});

function scenario(name: string, parameter = 0): Partial<AcceptedMessage> {
  return { behaviour: scenarioOfName(name, parameter)?.behaviour };
}

function aMessage(overrides: Partial<AcceptedMessage>): AcceptedMessage {
  return {
    wamid: 'wamid.TEST',
    sender: { phoneNumberId: '800000000000001', wabaId: '900000000000001', displayPhoneNumber: '15550100100' },
    recipient: { kind: 'phone', input: '+15550100101', waId: '15550100101' },
    type: 'text',
    isVoice: false,
    callbackData: null,
    acceptedAt: 1000,
    behaviour: PLAIN,
    charge: { type: 'regular', category: 'service', origin: 'service', entryPoint: null },
    isOutsideWindow: false,
    ...overrides,
  };
}
