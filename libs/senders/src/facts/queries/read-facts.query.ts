import type { Statement, Tx } from '#persistence';

/** A dated fact of a sender, its account or its portfolio's limit. */
export interface DatedFact {
  kind: string;
  value: string;
  /** What it is about: the number, or the whole account. */
  about: 'number' | 'account';
  knownAt: Date;
  seenAt: Date;
  source: 'webhook' | 'read';
  details: unknown;
}

/** Facts of a number, by its id or its digits, and of its account; newest first. Uses the primary key. */
const READ_FACTS: Statement = {
  name: 'read-account-facts',
  sql: `
SELECT f.kind, f.value, CASE WHEN f.subject = 'account' THEN 'account' ELSE 'number' END AS about,
  f.known_at AS "knownAt", f.seen_at AS "seenAt", f.source, f.details
FROM sender s JOIN account_fact f ON f.waba_id = s.waba_id
  AND f.subject IN ('account', 'id:' || s.phone_number_id, 'number:' || regexp_replace(s.display_number, '\\D', '', 'g'))
WHERE s.phone_number_id = $1
ORDER BY f.known_at DESC, f.kind, f.source, f.value LIMIT $2`,
};

export function readFacts(tx: Tx, phoneNumberId: string, limit: number): Promise<DatedFact[]> {
  return tx.query<DatedFact>(READ_FACTS, [phoneNumberId, limit]);
}

/** What counts of each kind: what was known last; of two in one second the one that comes first by its letters. */
const READ_CURRENT: Statement = {
  name: 'read-current-facts',
  sql: `
SELECT DISTINCT ON (f.kind) f.kind, f.value, CASE WHEN f.subject = 'account' THEN 'account' ELSE 'number' END AS about,
  f.known_at AS "knownAt", f.seen_at AS "seenAt", f.source, f.details
FROM sender s JOIN account_fact f ON f.waba_id = s.waba_id
  AND f.subject IN ('account', 'id:' || s.phone_number_id, 'number:' || regexp_replace(s.display_number, '\\D', '', 'g'))
WHERE s.phone_number_id = $1
ORDER BY f.kind, f.seen_at DESC, f.known_at DESC, f.value`,
};

export function readCurrentFacts(tx: Tx, phoneNumberId: string): Promise<DatedFact[]> {
  return tx.query<DatedFact>(READ_CURRENT, [phoneNumberId]);
}

/** What a sender is held to. */
export interface LimitRow {
  portfolioId: string;
  throughputPerSecond: number;
  throughputKnownAt: Date | null;
  limitKnownAt: Date | null;
  /** Null: any number. */
  limitUsers: number | null;
  /** People written to first in the last 24 hours, from when a limit is known; null: not counted, since there is none, or none is known. */
  usersLast24h: number | null;
}

/** Uses portfolio_user (portfolio_id, last_at). */
const READ_LIMIT: Statement = {
  name: 'read-sender-limit',
  sql: `
SELECT w.portfolio_id AS "portfolioId", s.throughput_limit AS "throughputPerSecond", s.throughput_known_at AS "throughputKnownAt",
  p.known_at AS "limitKnownAt", p.users AS "limitUsers",
  CASE WHEN p.users IS NOT NULL THEN
    (SELECT count(*)::int FROM portfolio_user u WHERE u.portfolio_id = w.portfolio_id AND u.last_at > now() - interval '24 hours') END AS "usersLast24h"
FROM sender s JOIN waba w ON w.id = s.waba_id LEFT JOIN portfolio_limit p ON p.portfolio_id = w.portfolio_id
WHERE s.phone_number_id = $1`,
};

/** Null when there is no such sender. */
export async function readLimit(tx: Tx, phoneNumberId: string): Promise<LimitRow | null> {
  const [row] = await tx.query<LimitRow>(READ_LIMIT, [phoneNumberId]);
  return row ?? null;
}
