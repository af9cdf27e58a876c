import type { AcceptedMessage } from './accepted-message.js';
import type { Moment, StatusStep } from './behaviour.js';

/** ms from accepting a message to each of its statuses. */
export interface StatusDelays {
  sent: number;
  delivered: number;
  read: number;
}

/** A status with its times in ms: when it happens (its `timestamp`) and when its webhook is due. */
export interface PlannedStatus {
  status: string;
  code: number | null;
  happensAt: number;
  arrivesAt: number;
  /** `sent` and the first of `delivered` and `read` say what the message costs. */
  hasPricing: boolean;
}

const NOT_IN_WINDOW: readonly StatusStep[] = [{ status: 'failed', at: 'sent', code: 131047 }];

/** All statuses of a message in the order they arrive. */
export function planStatuses(message: AcceptedMessage, delays: StatusDelays): PlannedStatus[] {
  const { behaviour, acceptedAt } = message;
  const steps = stepsOf(message);
  const delivery = steps.some((step) => step.status === 'delivered') ? 'delivered' : 'read';
  const planned = steps.map((step) => ({
    status: step.status,
    code: step.code ?? null,
    happensAt: acceptedAt + delayOf(momentOf(step), delays),
    arrivesAt: acceptedAt + behaviour.statusDelayMs + delayOf(step.at, delays),
    hasPricing: step.status === 'sent' || step.status === delivery,
  }));
  if (!behaviour.eachStatusTwice) return planned;
  const again = planned.map((status) => ({ ...status, arrivesAt: status.arrivesAt + delays.read }));
  return [...planned, ...again];
}

/** When the customer answers, if the scenario says so. */
export function replyAt(message: AcceptedMessage, delays: StatusDelays): number {
  return message.acceptedAt + message.behaviour.statusDelayMs + delayOf('later', delays);
}

function stepsOf(message: AcceptedMessage): readonly StatusStep[] {
  if (message.isOutsideWindow) return NOT_IN_WINDOW;
  const { statuses } = message.behaviour;
  if (message.type === 'reaction') return statuses.filter(({ status }) => status === 'sent' || status === 'failed');
  const played: StatusStep = { status: 'played', at: 'later' };
  return message.isVoice && statuses.at(-1)?.status === 'read' ? [...statuses, played] : statuses;
}

/** A status that arrives out of turn still happened in its own. */
function momentOf(step: StatusStep): Moment {
  return step.status === 'sent' || step.status === 'delivered' || step.status === 'read' ? step.status : step.at;
}

function delayOf(moment: Moment, delays: StatusDelays): number {
  return moment === 'later' ? 2 * delays.read : delays[moment];
}
