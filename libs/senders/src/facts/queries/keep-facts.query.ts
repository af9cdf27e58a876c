import type { Statement, Tx } from '#persistence';

/** Something that Meta said of an account, and when. */
export interface AccountFact {
  wabaId: string;
  /** As in the table: account, id:…, number:…, template:…, flow:… or group:… */
  subject: string;
  kind: string;
  value: string;
  at: Date;
  /** The webhook's own words; null for a read. */
  details?: unknown;
}

/** Those who add facts of an account take turns, so that each computes what follows from all of them. */
const LOCK_ACCOUNTS: Statement = {
  name: 'lock-accounts',
  sql: `
SELECT pg_advisory_xact_lock(hashtext('account facts'), k)
FROM (SELECT DISTINCT hashtext(w) AS k FROM unnest($1::text[]) v(w) ORDER BY 1) v`,
};

/**
 * A webhook tells the second: it holds to its end, so that what was read within it counts as older. Of two webhooks that
 * tell one fact the words of the lesser are kept, whichever came first. Unknown accounts have none.
 */
const KEEP_TOLD: Statement = {
  name: 'keep-told-facts',
  sql: `
INSERT INTO account_fact AS f (waba_id, subject, kind, value, known_at, seen_at, source, details)
SELECT DISTINCT ON (v.waba_id, v.subject, v.kind, v.at, v.value) v.waba_id, v.subject, v.kind, v.value, v.at, v.at + interval '999 ms', 'webhook', v.details
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[]) v(waba_id, subject, kind, value, at, details)
JOIN waba w ON w.id = v.waba_id ORDER BY v.waba_id, v.subject, v.kind, v.at, v.value, v.details
ON CONFLICT (waba_id, subject, kind, known_at, value, source) DO UPDATE SET details = excluded.details WHERE excluded.details < f.details`,
};

/** What is read again is the same fact, seen until later. Uses the primary key. */
const KEEP_READ: Statement = {
  name: 'keep-read-facts',
  sql: `
WITH v AS (
  SELECT DISTINCT ON (1, 2, 3) v.* FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) v(waba_id, subject, kind, value, at)
  ORDER BY 1, 2, 3, v.at DESC
), l AS MATERIALIZED (
  SELECT v.*, f.known_at, f.value AS last_value FROM v
  LEFT JOIN LATERAL (
    SELECT f.known_at, f.value FROM account_fact f
    WHERE f.waba_id = v.waba_id AND f.subject = v.subject AND f.kind = v.kind AND f.source = 'read' ORDER BY f.known_at DESC LIMIT 1) f ON true
), u AS (
  UPDATE account_fact f SET seen_at = GREATEST(f.seen_at, l.at) FROM l
  WHERE l.last_value = l.value AND f.waba_id = l.waba_id AND f.subject = l.subject AND f.kind = l.kind AND f.known_at = l.known_at
    AND f.value = l.value AND f.source = 'read'
)
INSERT INTO account_fact (waba_id, subject, kind, value, known_at, seen_at, source)
SELECT l.waba_id, l.subject, l.kind, l.value, l.at, l.at, 'read' FROM l JOIN waba w ON w.id = l.waba_id
WHERE l.last_value IS DISTINCT FROM l.value ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING`,
};

/** Keeps what webhooks told: a set, in whatever order and however often it comes. Nobody else adds facts of these accounts meanwhile. */
export async function keepToldFacts(tx: Tx, facts: readonly AccountFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query(LOCK_ACCOUNTS, [facts.map(({ wabaId }) => wabaId)]);
  const details = facts.map((fact) => (fact.details === undefined ? null : JSON.stringify(fact.details)));
  await tx.query(KEEP_TOLD, [...columns(facts), details]);
}

/** Keeps what was read; what is as it was read before is only seen until later. Nobody else adds facts of these accounts meanwhile. */
export async function keepReadFacts(tx: Tx, facts: readonly AccountFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query(LOCK_ACCOUNTS, [facts.map(({ wabaId }) => wabaId)]);
  await tx.query(KEEP_READ, columns(facts));
}

const columns = (facts: readonly AccountFact[]): unknown[] => [
  facts.map(({ wabaId }) => wabaId),
  facts.map(({ subject }) => subject),
  facts.map(({ kind }) => kind),
  facts.map(({ value }) => value),
  facts.map(({ at }) => at),
];
