import { noteClosings } from '#conversations';
import { isKnownError, lookupError } from '#graph-api';
import type { Tx } from '#persistence';
import { applyMarketingRefusals, isMarketingRefusal } from './apply-marketing-refusal.js';
import { WINDOW_CLOSED_CODE } from './domain/decide-next.js';
import { type FailedStatus, readNewFailures } from './queries/failed-statuses.query.js';
import { openAlerts } from './queries/alert.query.js';
import { type HoldRequest, writeHolds } from './write-hold.js';

/** Whether a `failed` status of this code does more than end its message. */
export const hasSideEffect = (code: number) => {
  const { action, pausesScope = false } = lookupError({ code });
  return (
    isMarketingRefusal(code) ||
    code === WINDOW_CLOSED_CODE ||
    pausesScope ||
    ['RATE', 'PAUSE'].includes(action) ||
    !isKnownError(code)
  );
};

/**
 * What `failed` statuses mean for messages to come (delivery protocol §4): the same classifier as for answers holds or pauses
 * their scope, a code that is not known opens an alert, 131049 holds later marketing to the contact, 131050 ends it for good, 131047 closes the window as of the attempt.
 * Their own messages stay as they are: nothing is sent again. However many there are, each statement is made once. Only statuses that the caller's transaction has recorded anew count, so that a replay changes nothing.
 * @param eventIds of statuses that were just recorded, or were known before
 */
export async function applyFailedStatuses(tx: Tx, eventIds: readonly string[], random: number): Promise<void> {
  const failures = await readNewFailures(tx, eventIds);
  await writeHolds(tx, failures.flatMap(holdOf), random);
  await openAlerts(tx, unknownCodes(failures));
  await noteClosings(
    tx,
    failures
      .filter(({ code }) => code === WINDOW_CLOSED_CODE)
      .map(({ place, startedAt }) => ({ ...place, contact: place.recipient, at: startedAt })),
  );
  await applyMarketingRefusals(
    tx,
    failures
      .filter(({ code }) => isMarketingRefusal(code))
      .map(({ code, place, startedAt }) => ({ ...place, code, at: startedAt })),
  );
}

const unknownCodes = (failures: readonly FailedStatus[]) =>
  failures.flatMap(({ code }) =>
    isKnownError(code)
      ? []
      : [
          {
            kind: 'error_code_unknown',
            scope: 'error_code',
            scopeId: String(code),
            advice: `Meta reported messages as failed with code ${code}, which Herald does not know. Look it up in Meta’s list; they were not delivered and are not sent again by themselves.`,
          },
        ],
  );

function holdOf({ code, place }: FailedStatus): HoldRequest[] {
  if (isMarketingRefusal(code) || code === WINDOW_CLOSED_CODE) return [];
  const { action: own, pausesScope, scope, title, waitMs } = lookupError({ code });
  const action = pausesScope ? 'PAUSE' : own;
  return action === 'RATE' || action === 'PAUSE' ? [{ cause: { action, code, scope, waitMs, title }, place }] : [];
}
