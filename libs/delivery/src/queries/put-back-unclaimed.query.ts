import type { Statement, Tx } from '#persistence';
import { HOLDS_OF_MESSAGE } from './holds-of-message.js';

/** How long a message rests whose pair or template waits for an operator: it is looked at again, not fed again and again. */
const PAUSED_REST_MS = 60_000;
/** The longest wait for a row that somebody else locks, ms. */
const LOCK_WAIT_MS = 1_000;

/**
 * Takes messages of a job that were not claimed, and are still queued, out of the queue: the feeder finds them when they are
 * due. One whose pair, contact or template is held is not due before the end of the hold, loses the turn of its pair, and is said to wait
 * for the hold where it would be said to wait for its time: whoever lifts the hold wakes it (`wakeHeld`). (The feeder itself passes over
 * held lanes.) Waits for a row that is locked: the feeder may be marking it as fed just now, for a job that the queue takes for the one that is ending here.
 */
const PUT_BACK_UNCLAIMED: Statement = {
  name: 'put-back-unclaimed',
  plan: 'generic',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id, m.fed_at, (SELECT max(coalesce(h.until, now() + $2 * interval '1 ms')) FROM (${HOLDS_OF_MESSAGE}) h) AS held_until
  FROM message m CROSS JOIN (SELECT set_config('lock_timeout', $3, true)) w
  WHERE m.id = ANY($1::uuid[]) AND m.state = 'queued' ORDER BY m.id FOR UPDATE OF m
)
UPDATE message m SET fed_at = NULL, next_attempt_at = GREATEST(m.next_attempt_at, l.held_until),
  reason = CASE WHEN m.reason IN ('pair_pace', 'scheduled', 'retry', 'not_sent', 'portfolio_limit') AND l.held_until > m.next_attempt_at THEN 'throttled' ELSE m.reason END
FROM l WHERE m.id = l.id AND m.id = ANY($1::uuid[]) AND m.state = 'queued' AND (l.fed_at IS NOT NULL OR l.held_until > m.next_attempt_at)`,
};

export async function putBackUnclaimed(tx: Tx, messageIds: readonly string[]): Promise<void> {
  await tx.query(PUT_BACK_UNCLAIMED, [messageIds, PAUSED_REST_MS, String(LOCK_WAIT_MS)]);
}
