import type { Statement, Tx } from '#persistence';

/** What was known last counts; of two in one second the smaller. Unique key: portfolio; locked in its order. */
const DERIVE_MESSAGING_LIMITS: Statement = {
  name: 'derive-messaging-limits',
  sql: `
INSERT INTO portfolio_limit AS p (portfolio_id, users, known_at)
SELECT DISTINCT ON (w.portfolio_id) w.portfolio_id, NULLIF(f.value, 'unlimited')::int AS users, f.seen_at
FROM waba w JOIN account_fact f ON f.waba_id = w.id AND f.subject = 'account' AND f.kind = 'messaging_limit'
WHERE w.portfolio_id IN (SELECT portfolio_id FROM waba WHERE id = ANY($1::text[]))
ORDER BY w.portfolio_id, f.seen_at DESC, NULLIF(f.value, 'unlimited')::int
ON CONFLICT (portfolio_id) DO UPDATE SET users = excluded.users, known_at = excluded.known_at
WHERE p.known_at <= excluded.known_at AND (p.users, p.known_at) IS DISTINCT FROM (excluded.users, excluded.known_at)`,
};

/** A number is named by its id where it was read, and by its digits in webhooks. */
const DERIVE_THROUGHPUTS: Statement = {
  name: 'derive-throughputs',
  sql: `
UPDATE sender s SET throughput_limit = v.per_second, throughput_known_at = v.seen_at, updated_at = now()
FROM (
  SELECT DISTINCT ON (s.phone_number_id) s.phone_number_id, f.value::int AS per_second, f.seen_at
  FROM sender s JOIN account_fact f ON f.waba_id = s.waba_id AND f.kind = 'throughput'
    AND f.subject IN ('id:' || s.phone_number_id, 'number:' || regexp_replace(s.display_number, '\\D', '', 'g'))
  WHERE s.waba_id = ANY($1::text[])
  ORDER BY s.phone_number_id, f.seen_at DESC, f.value::int
) v
WHERE s.phone_number_id = v.phone_number_id AND coalesce(s.throughput_known_at, '-infinity') <= v.seen_at
  AND (s.throughput_limit, coalesce(s.throughput_known_at, '-infinity')) IS DISTINCT FROM (v.per_second, v.seen_at)`,
};

/** Makes the limits that senders are held to what follows from the facts of these accounts. To be called under the lock of `keep…Facts`. */
export async function deriveLimits(tx: Tx, wabaIds: readonly string[]): Promise<void> {
  if (wabaIds.length === 0) return;
  await tx.query(DERIVE_MESSAGING_LIMITS, [wabaIds]);
  await tx.query(DERIVE_THROUGHPUTS, [wabaIds]);
}
