import { type AttemptStatus, recordStatuses } from '#messages';
import type { Tx } from '#persistence';
import { hasSideEffect } from './apply-failed-statuses.js';
import { proveAccepted } from './prove-accepted.js';

/** What statuses of our attempts did. */
export interface RecordedStatuses {
  /** Wamids of attempts that were not proven before. */
  proven: string[];
  /** Ids of `failed` ones that may mean something for messages to come: for `applyFailedStatuses`, once it is known who is who. */
  failures: string[];
}

/**
 * Records statuses of our attempts and settles attempts that they prove (T5/T8), whether the statuses come in time or had to wait for
 * their message.
 */
export async function recordOurStatuses(tx: Tx, statuses: readonly AttemptStatus[]): Promise<RecordedStatuses> {
  if (statuses.length === 0) return { proven: [], failures: [] };
  const unproven = await recordStatuses(tx, statuses);
  const failures = statuses.filter((each) => each.status === 'failed' && namesCode(each) && hasSideEffect(each.code));
  const proofs = unproven.map((attempt) => ({ ...attempt, reason: 'proved_by_status', by: 'meta' }) as const);
  if (proofs.length > 0) await proveAccepted(tx, proofs);
  return { proven: unproven.map(({ wamid }) => wamid), failures: failures.map(({ eventId }) => eventId) };
}

/** Whether Meta gave a code: one that it gave none stands as 0, which is also the code of a token that is not accepted. */
const namesCode = ({ code, errors }: AttemptStatus): boolean =>
  code !== 0 ||
  (errors ?? []).some((error) => typeof error === 'object' && error !== null && 'code' in error && error.code === 0);
