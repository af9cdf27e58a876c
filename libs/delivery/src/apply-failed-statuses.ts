import { suppressMarketing } from '#contacts';
import { noteClosings } from '#conversations';
import { lookupError } from '#graph-api';
import type { Tx } from '#persistence';
import { WINDOW_CLOSED_CODE } from './domain/decide-next.js';
import { planMarketingHold } from './domain/hold-policy.js';
import { type FailedStatus, readNewFailures } from './queries/failed-statuses.query.js';
import { readHold, setHold } from './queries/hold.query.js';
import { writeHold } from './write-hold.js';

/** Meta held marketing back to protect the contact from too much of it. */
const TOO_MUCH_MARKETING = 131049;
/** The contact has stopped marketing from this business. */
const MARKETING_STOPPED = 131050;

/** Whether a `failed` status of this code does more than end its message. */
export const hasSideEffect = (code: number) =>
  [TOO_MUCH_MARKETING, MARKETING_STOPPED, WINDOW_CLOSED_CODE].includes(code) ||
  ['RATE', 'PAUSE'].includes(lookupError({ code }).action);

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
  if (code === MARKETING_STOPPED) return suppressMarketing(tx, [{ ...place, reason: 'meta_131050' }]);
  if (code === WINDOW_CLOSED_CODE) return noteClosings(tx, [{ ...place, contact: place.recipient, at: startedAt }]);
  if (code === TOO_MUCH_MARKETING) return holdMarketing(tx, place.recipient, { title, code });
  if (action === 'RATE' || action === 'PAUSE')
    await writeHold(tx, { action, code, scope, waitMs, title }, place, random);
}

async function holdMarketing(
  tx: Tx,
  recipient: string,
  { title, code }: { title: string; code: number },
): Promise<void> {
  const target = { scope: 'contact_marketing', scopeId: recipient } as const;
  const plan = planMarketingHold(await readHold(tx, target));
  await setHold(tx, { ...target, ...plan, reason: title, errorCode: code });
}
