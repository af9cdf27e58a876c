import type { Statement, Tx } from '#persistence';
import type { Parked } from '../domain/arrived.js';

const PARK: Statement = {
  name: 'park-notifications',
  sql: `
INSERT INTO inbox_parked (inbox_id, waba_id, phone_number_id)
SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[], $3::text[]) ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING`,
};

/** Notes for which numbers and accounts notifications wait. Safe to run twice. */
export async function park(tx: Tx, parked: readonly Parked[]): Promise<void> {
  if (parked.length === 0) return;
  await tx.query(PARK, [
    parked.map(({ inboxId }) => inboxId),
    parked.map(({ wabaId }) => wabaId),
    parked.map(({ phoneNumberId }) => phoneNumberId ?? ''),
  ]);
}

/**
 * From the few numbers and accounts that are ours to those that wait for them: index inbox_parked_awaits, so that what is of nobody costs
 * nothing, however much it is. What is no longer kept raw is forgotten: by primary key, ids tell the time.
 */
const RELEASE: Statement = {
  name: 'release-parked',
  sql: `
WITH gone AS (
  DELETE FROM inbox_parked WHERE inbox_id < (SELECT reporting.id_at(kept_from) FROM retention)
), l AS MATERIALIZED (
  SELECT p.inbox_id, p.waba_id, p.phone_number_id FROM waba w CROSS JOIN LATERAL (
    SELECT '' AS phone_number_id UNION ALL SELECT s.phone_number_id FROM sender s WHERE s.waba_id = w.id
  ) n CROSS JOIN LATERAL (
    SELECT p.* FROM inbox_parked p WHERE p.waba_id = w.id AND p.phone_number_id = n.phone_number_id
    ORDER BY p.inbox_id LIMIT $1 FOR UPDATE OF p SKIP LOCKED
  ) p LIMIT $1
), d AS (
  DELETE FROM inbox_parked p USING l
  WHERE p.inbox_id = l.inbox_id AND p.waba_id = l.waba_id AND p.phone_number_id = l.phone_number_id RETURNING p.inbox_id
), w AS (
  INSERT INTO inbox_work (inbox_id, received_at)
  SELECT i.id, i.received_at FROM (SELECT DISTINCT inbox_id FROM d) d JOIN inbox i ON i.id = d.inbox_id ORDER BY i.id
  ON CONFLICT DO NOTHING
)
SELECT inbox_id FROM d`,
};

/** Lets notifications be applied whose number, or account, is ours by now. @returns how many; at most `limit` */
export const releaseParked = async (tx: Tx, limit: number): Promise<number> =>
  (await tx.query(RELEASE, [limit])).length;
