import type { Statement, Tx } from '#persistence';
import type { HoldScope, StandingHold } from '../domain/hold-policy.js';

/** What a hold is on. */
export interface HoldTarget {
  scope: HoldScope;
  scopeId: string;
}

/** Index: the primary key; locked in its order. */
const READ_HOLDS: Statement = {
  name: 'read-holds',
  sql: `
SELECT h.scope, h.scope_id AS "scopeId", h.step,
  CASE WHEN h.until IS NULL THEN NULL ELSE round(extract(epoch FROM h.until - now()) * 1000)::float8 END AS "remainingMs"
FROM unnest($1::text[], $2::text[]) v(scope, scope_id) JOIN hold h ON h.scope = v.scope AND h.scope_id = v.scope_id
ORDER BY h.scope, h.scope_id FOR UPDATE OF h`,
};

/** By this name `readHolds` gives what stands on a target. */
export const holdName = ({ scope, scopeId }: HoldTarget) => `${scope} ${scopeId}`;

/** The hold rows of these, also those that are over, by `holdName`. Locked. */
export async function readHolds(tx: Tx, targets: readonly HoldTarget[]): Promise<Map<string, StandingHold>> {
  if (targets.length === 0) return new Map();
  const rows = await tx.query<StandingHold & HoldTarget>(READ_HOLDS, [
    targets.map(({ scope }) => scope),
    targets.map(({ scopeId }) => scopeId),
  ]);
  return new Map(rows.map((row) => [holdName(row), row]));
}

/** The later end wins, and a pause (no end) over any, with its reason; two first holds of one scope meet on the primary key. */
const SET_HOLDS: Statement = {
  name: 'set-holds',
  sql: `
INSERT INTO hold (scope, scope_id, step, until, reason, error_code)
SELECT v.scope, v.scope_id, v.step, now() + v.wait_ms * interval '1 ms', v.reason, v.error_code
FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::text[], $6::int[]) v(scope, scope_id, step, wait_ms, reason, error_code)
ORDER BY 1, 2
ON CONFLICT (scope, scope_id) DO UPDATE SET
  step = excluded.step,
  until = CASE WHEN hold.until IS NULL OR excluded.until IS NULL THEN NULL ELSE GREATEST(hold.until, excluded.until) END,
  reason = CASE WHEN hold.until IS NULL AND excluded.until IS NOT NULL THEN hold.reason ELSE excluded.reason END,
  error_code = CASE WHEN hold.until IS NULL AND excluded.until IS NOT NULL THEN hold.error_code ELSE excluded.error_code END, updated_at = now()`,
};

/** A hold as it is written. `waitMs` null = until an operator lifts it. */
export interface HoldRow extends HoldTarget {
  step: number;
  waitMs: number | null;
  reason: string;
  errorCode: number | null;
}

/** @param holds one of each scope and id */
export async function setHolds(tx: Tx, holds: readonly HoldRow[]): Promise<void> {
  if (holds.length === 0) return;
  const column = <K extends keyof HoldRow>(name: K) => holds.map((hold) => hold[name]);
  await tx.query(SET_HOLDS, [
    column('scope'),
    column('scopeId'),
    column('step'),
    column('waitMs'),
    column('reason'),
    column('errorCode'),
  ]);
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

/** Holds of codes $1 on templates that Meta has approved (again) since they were set. */
const GIVEN_BACK: Statement = {
  name: 'templates-given-back',
  sql: `
SELECT h.scope_id AS "scopeId" FROM hold h
JOIN template t ON h.scope_id = t.waba_id || ':' || t.name || ':' || t.language
WHERE h.scope = 'template' AND h.until IS NULL AND h.error_code = ANY($1) AND t.status = 'APPROVED' AND t.status_at > h.created_at`,
};

/** @returns ids of the scope `template` */
export async function givenBack(tx: Tx, errorCodes: readonly number[]): Promise<string[]> {
  return (await tx.query<{ scopeId: string }>(GIVEN_BACK, [errorCodes])).map(({ scopeId }) => scopeId);
}
