import type { Statement, Tx } from '#persistence';

/** Index: message_due, at most one row of each lane that is not held, and not broken. */
const HAS_CLAIMABLE: Statement = {
  name: 'has-claimable',
  sql: `
SELECT EXISTS (
  SELECT 1 FROM sender s
  WHERE s.phone_number_id NOT IN (SELECT phone_number_id FROM held_lane)
    AND NOT EXISTS (SELECT 1 FROM lane_breaker b WHERE b.phone_number_id = s.phone_number_id)
    AND EXISTS (
      SELECT 1 FROM message m
      WHERE m.phone_number_id = s.phone_number_id AND m.next_attempt_at IS NOT NULL AND m.next_attempt_at <= now() AND m.expires_at > now())
) AS "hasClaimable"`,
};

/** Whether a message waits that a worker could claim now. */
export async function hasClaimable(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ hasClaimable: boolean }>(HAS_CLAIMABLE, []);
  return row?.hasClaimable ?? false;
}
