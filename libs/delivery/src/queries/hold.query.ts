import type { Statement, Tx } from '#persistence';
import type { HoldScope, StandingHold } from '../domain/hold-policy.js';

const READ_HOLD: Statement = {
  name: 'read-hold',
  sql: `
SELECT step, CASE WHEN until IS NULL THEN NULL ELSE round(extract(epoch FROM until - now()) * 1000)::float8 END AS "remainingMs"
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

/** Index: message_recipient, once a sender. */
const WAKE_HELD: Statement = {
  name: 'wake-held-messages',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id FROM sender s JOIN message m ON m.phone_number_id = s.phone_number_id
  WHERE m.recipient = $2 AND ($1::text IS NULL OR m.phone_number_id = $1) AND m.next_attempt_at > now() AND m.reason IN ('new', 'throttled', 'redriven', 'resent_unproven', 'window_fallback')
  ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
)
UPDATE message m SET next_attempt_at = now(), fed_at = NULL, updated_at = now() FROM l WHERE m.id = l.id AND m.id = ANY(ARRAY(SELECT id FROM l)) AND m.state = 'queued'`,
};

/** Makes due at once what waited for the end of a hold on a pair or a contact; a lane's messages are due already. */
export async function wakeHeld(tx: Tx, { scope, scopeId }: { scope: HoldScope; scopeId: string }): Promise<void> {
  if (scope !== 'pair' && scope !== 'contact_marketing') return;
  const [phoneNumberId, recipient] = scope === 'pair' ? scopeId.split(':') : [null, scopeId];
  await tx.query(WAKE_HELD, [phoneNumberId, recipient]);
}

/** Holds of code $1 on templates that Meta has approved (again) since they were set. */
const GIVEN_BACK: Statement = {
  name: 'templates-given-back',
  sql: `
SELECT h.scope_id AS "scopeId" FROM hold h
JOIN template t ON h.scope_id = t.waba_id || ':' || t.name || ':' || t.language
WHERE h.scope = 'template' AND h.until IS NULL AND h.error_code = $1 AND t.status = 'APPROVED' AND t.status_at > h.created_at`,
};

/** @returns ids of the scope `template` */
export async function givenBack(tx: Tx, errorCode: number): Promise<string[]> {
  return (await tx.query<{ scopeId: string }>(GIVEN_BACK, [errorCode])).map(({ scopeId }) => scopeId);
}
