import type { Statement, Tx } from '#persistence';

/** A webhook of a sender came. */
export interface SenderHeard {
  phoneNumberId: string;
  receivedAt: Date;
}

/**
 * The first webhook begins the listening; one that ends more than an hour in which Meta owed us statuses begins it anew, since
 * messages of contacts may have been missed as well; what ends then stays, for instants of the past. Written once a minute, or when it
 * is what we waited for. Locked senders are left out: the next webhook says the same.
 */
const HEAR_SENDERS: Statement = {
  name: 'hear-senders',
  sql: `
WITH v AS (
  SELECT * FROM unnest($1::text[], $2::timestamptz[]) v(phone_number_id, at)
), l AS MATERIALIZED (
  SELECT s.phone_number_id, g.last_at, s.listening_since, s.expecting_since,
    s.listening_since IS NULL OR (s.expecting_since > s.last_heard_at AND s.expecting_since < g.first_at - interval '1 hour') AS begins
  FROM sender s CROSS JOIN LATERAL (
    SELECT max(v.at) AS last_at, min(v.at) FILTER (WHERE s.last_heard_at IS NULL OR v.at > s.last_heard_at) AS first_at
    FROM v WHERE v.phone_number_id = s.phone_number_id) g
  WHERE s.phone_number_id = ANY($1) AND (s.last_heard_at IS NULL
    OR (g.last_at > s.last_heard_at AND (g.last_at >= s.last_heard_at + interval '1 minute' OR s.expecting_since > s.last_heard_at)))
  ORDER BY 1 FOR NO KEY UPDATE OF s SKIP LOCKED
), e AS (
  INSERT INTO listening_spell (phone_number_id, since, until)
  SELECT phone_number_id, listening_since, expecting_since + interval '1 hour' FROM l WHERE begins AND listening_since IS NOT NULL
  ON CONFLICT DO NOTHING
)
UPDATE sender s SET last_heard_at = l.last_at, listening_since = CASE WHEN l.begins THEN l.last_at ELSE s.listening_since END
FROM l WHERE l.phone_number_id = s.phone_number_id`,
};

/** Notes that webhooks of these senders came. Safe to run twice. */
export async function hearSenders(tx: Tx, heard: readonly SenderHeard[]): Promise<void> {
  if (heard.length === 0) return;
  await tx.query(HEAR_SENDERS, [
    heard.map(({ phoneNumberId }) => phoneNumberId),
    heard.map(({ receivedAt }) => receivedAt),
  ]);
}

/** The first message after a webhook: from then on a status is owed. */
const EXPECT_STATUSES: Statement = {
  name: 'expect-statuses',
  sql: `
UPDATE sender SET expecting_since = $2
WHERE phone_number_id = $1 AND last_heard_at < $2 AND (expecting_since IS NULL OR expecting_since <= last_heard_at)`,
};

/** Notes that Meta took a message of a sender at that time, and so owes statuses. */
export async function expectStatuses(tx: Tx, phoneNumberId: string, at: Date): Promise<void> {
  await tx.query(EXPECT_STATUSES, [phoneNumberId, at]);
}
