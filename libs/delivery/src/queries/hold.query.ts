import type { Statement, Tx } from '#persistence';
import type { HoldScope, StandingHold } from '../domain/hold-policy.js';

const READ_HOLD: Statement = {
  name: 'read-hold',
  sql: `
SELECT step, CASE WHEN until IS NULL THEN NULL ELSE round(extract(epoch FROM until - now()) * 1000)::int END AS "remainingMs"
FROM hold WHERE scope = $1 AND scope_id = $2 FOR UPDATE`,
};

/** The hold row of a scope, also one that is over; null when there is none. Locked. */
export async function readHold(
  tx: Tx,
  { scope, scopeId }: { scope: HoldScope; scopeId: string },
): Promise<StandingHold | null> {
  const [row] = await tx.query<StandingHold>(READ_HOLD, [scope, scopeId]);
  return row ?? null;
}

/** The later end wins, and a pause (no end) over any; two first holds of one scope meet on the primary key. */
const SET_HOLD: Statement = {
  name: 'set-hold',
  sql: `
INSERT INTO hold (scope, scope_id, step, until, reason, error_code)
VALUES ($1, $2, $3, now() + $4::bigint * interval '1 ms', $5, $6)
ON CONFLICT (scope, scope_id) DO UPDATE SET
  step = excluded.step,
  until = CASE WHEN hold.until IS NULL OR excluded.until IS NULL THEN NULL ELSE GREATEST(hold.until, excluded.until) END,
  reason = excluded.reason, error_code = excluded.error_code, updated_at = now()`,
};

/** @param hold `waitMs` null = until an operator lifts it */
export async function setHold(
  tx: Tx,
  hold: {
    scope: HoldScope;
    scopeId: string;
    step: number;
    waitMs: number | null;
    reason: string;
    errorCode: number | null;
  },
): Promise<void> {
  await tx.query(SET_HOLD, [hold.scope, hold.scopeId, hold.step, hold.waitMs, hold.reason, hold.errorCode]);
}

const DELETE_HOLD: Statement = {
  name: 'delete-hold',
  sql: `DELETE FROM hold WHERE scope = $1 AND scope_id = $2 RETURNING until IS NULL OR until > now() AS "isHeld"`,
};

/** @returns whether it still held anything back */
export async function deleteHold(tx: Tx, { scope, scopeId }: { scope: HoldScope; scopeId: string }): Promise<boolean> {
  const [row] = await tx.query<{ isHeld: boolean }>(DELETE_HOLD, [scope, scopeId]);
  return row?.isHeld ?? false;
}
