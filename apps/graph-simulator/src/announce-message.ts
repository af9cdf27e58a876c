import type { AcceptedMessage } from './domain/accepted-message.js';
import { countryOf } from './domain/country.js';
import { replyTo } from './domain/inbound-message.js';
import { packNotifications } from './domain/notification.js';
import { statusItems } from './domain/status-items.js';
import { planStatuses, replyAt } from './domain/status-plan.js';
import type { PlannedStatus } from './domain/status-plan.js';
import { contactKey } from './domain/identity.js';
import { statusError } from './graph-errors.js';
import type { Simulator } from './simulator.js';

/** The last webhook version whose ordinary statuses carry a `conversation`. */
const LAST_CONVERSATION_VERSION = 23;

/** Statuses of what has arrived. */
const DELIVERED: ReadonlySet<string> = new Set(['delivered', 'read', 'played']);

/**
 * Plans all webhooks of an accepted message. Resolves once those that must come before the answer have been delivered
 * (for an ordinary message: at once).
 */
export async function announceMessage(simulator: Simulator, message: AcceptedMessage): Promise<void> {
  const { sentDelayMs, deliveredDelayMs, readDelayMs } = simulator.settings;
  const delays = { sent: sentDelayMs, delivered: deliveredDelayMs, read: readDelayMs };
  const planned = planStatuses(message, delays);
  bill(simulator, message, planned);
  countFailures(simulator, planned);
  const early = planned.slice(0, message.behaviour.statusesBeforeAnswer);
  for (const status of planned.slice(early.length)) {
    for (const item of itemsOf(simulator, message, status)) simulator.schedule.add(item, status.arrivesAt);
  }
  const { reply } = message.behaviour;
  if (reply !== null) scheduleReply(simulator, message, reply, replyAt(message, delays));
  for (const status of early) {
    for (const envelope of packNotifications(itemsOf(simulator, message, status), simulator.settings.batchSize)) {
      await simulator.dispatcher.postNow(envelope);
    }
  }
}

/** Bills what is delivered, to a person, at the time of its delivery. */
function bill({ ledger }: Simulator, { sender, recipient, charge }: AcceptedMessage, planned: PlannedStatus[]): void {
  const times = planned.filter(({ status }) => DELIVERED.has(status)).map(({ happensAt }) => happensAt);
  if (times.length === 0 || recipient.kind === 'group') return;
  ledger.add({
    wabaId: sender.wabaId,
    phoneNumber: sender.displayPhoneNumber,
    country: countryOf(contactKey(recipient)),
    category: charge.category,
    type: charge.type,
    deliveredAt: Math.min(...times),
  });
}

function countFailures({ failedStatuses }: Simulator, planned: PlannedStatus[]): void {
  for (const { code } of planned) if (code !== null) failedStatuses[code] = (failedStatuses[code] ?? 0) + 1;
}

function itemsOf(simulator: Simulator, message: AcceptedMessage, planned: PlannedStatus) {
  const version = Number.parseFloat(simulator.settings.webhookVersion.slice(1));
  return statusItems(message, planned, { withConversation: version <= LAST_CONVERSATION_VERSION, statusError });
}

function scheduleReply(
  { schedule, windows }: Simulator,
  message: AcceptedMessage,
  reply: NonNullable<AcceptedMessage['behaviour']['reply']>,
  at: number,
): void {
  const notification = replyTo(message, reply, at);
  if (notification === null) return;
  windows.heard(message.sender.phoneNumberId, contactKey(message.recipient), at, false);
  schedule.add(notification, at);
}
