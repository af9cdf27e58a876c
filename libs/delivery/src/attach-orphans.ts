import { v7 as uuidv7 } from 'uuid';
import type { StatusItem } from '#graph-api';
import { recordStatuses, toAttemptStatus } from '#messages';
import type { Tx } from '#persistence';
import { chargeAttempts } from './charge-attempts.js';
import { proveAccepted } from './prove-accepted.js';
import { takeOrphans } from './queries/take-orphans.query.js';

/** The most statuses of one call. */
export const MAX_ORPHANS = 1_000;

/**
 * Gives statuses that waited for their message to it, and charges it, in the transaction that learnt the wamids, or later.
 * @param wamids which; null looks at all that wait
 * @returns how many found their message, at most MAX_ORPHANS
 */
export async function attachOrphans(tx: Tx, wamids: readonly string[] | null): Promise<number> {
  const orphans = await takeOrphans<StatusItem>(tx, wamids, MAX_ORPHANS);
  if (orphans.length === 0) return 0;
  const unproven = await recordStatuses(
    tx,
    orphans.map((orphan) => toAttemptStatus(orphan.item, orphan, orphan, uuidv7())),
  );
  for (const attempt of unproven) await proveAccepted(tx, { ...attempt, reason: 'proved_by_status', by: 'meta' });
  await chargeAttempts(tx, orphans);
  return orphans.length;
}
