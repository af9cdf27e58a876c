import { noteClosings } from '#conversations';
import { lookupError } from '#graph-api';
import type { Tx } from '#persistence';
import { applyMarketingRefusal, isMarketingRefusal } from './apply-marketing-refusal.js';
import { WINDOW_CLOSED_CODE } from './domain/decide-next.js';
import { type FailedStatus, readNewFailures } from './queries/failed-statuses.query.js';
import { writeHold } from './write-hold.js';

/** Whether a `failed` status of this code does more than end its message. */
export const hasSideEffect = (code: number) =>
  isMarketingRefusal(code) || code === WINDOW_CLOSED_CODE || ['RATE', 'PAUSE'].includes(lookupError({ code }).action);

/**
 * What `failed` statuses mean for messages to come (delivery protocol §4): the same classifier as for answers holds or pauses
 * their scope, 131049 holds later marketing to the contact, 131050 ends it for good, 131047 closes the window as of the attempt.
 * Their own messages stay as they are: nothing is sent again. Only statuses that the caller's transaction has recorded anew count, so that a replay changes nothing.
 * @param eventIds of statuses that were just recorded, or were known before
 */
export async function applyFailedStatuses(tx: Tx, eventIds: readonly string[], random: number): Promise<void> {
  for (const failed of await readNewFailures(tx, eventIds)) await applyOne(tx, failed, random);
}

async function applyOne(tx: Tx, { code, place, startedAt }: FailedStatus, random: number): Promise<void> {
  const { action, scope, title, waitMs } = lookupError({ code });
  if (isMarketingRefusal(code)) return applyMarketingRefusal(tx, { ...place, code, at: startedAt });
  if (code === WINDOW_CLOSED_CODE) return noteClosings(tx, [{ ...place, contact: place.recipient, at: startedAt }]);
  if (action === 'RATE' || action === 'PAUSE')
    await writeHold(tx, { action, code, scope, waitMs, title }, place, random);
}
