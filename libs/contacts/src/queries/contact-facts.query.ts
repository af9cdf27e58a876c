import type { Statement, Tx } from '#persistence';
import { contactKey } from '../domain/contact-forms.js';
import type { FactLink, IdentifierKind, IdentityFact } from '../domain/identity-fact.js';

/** A fact that was told to a sender. */
export interface SenderFact extends IdentityFact {
  phoneNumberId: string;
}

/** What of it is known in the portfolio of that sender; null: nothing. */
export interface KnownFact {
  n: number;
  portfolioId: string;
  firstAt: Date | null;
  lastAt: Date | null;
  inboxId: string | null;
  /** It is shown later than is known, and its number is, or was, somebody else's as well. */
  isShared: boolean;
}

/** Looked up one by one, whatever the table's statistics say of its size. Primary keys, and contact_alias_value where something is shown again. A sender that is not ours has no row. */
const READ_KNOWN_FACTS: Statement = {
  name: 'read-known-contact-facts',
  sql: `
SELECT v.n, w.portfolio_id AS "portfolioId", f.first_at AS "firstAt", f.last_at AS "lastAt", f.inbox_id AS "inboxId",
  CASE WHEN f.last_at < v.last_at THEN EXISTS (
    SELECT FROM contact_alias o
    WHERE o.portfolio_id = w.portfolio_id AND o.value IN (v.a, v.b) AND o.kind IN ('wa_id', 'phone') AND o.held_until IS NOT NULL)
  ELSE false END AS "isShared"
FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
  v(n, phone_number_id, link, a_kind, a, a_key, b_kind, b, last_at)
JOIN sender s ON s.phone_number_id = v.phone_number_id
JOIN waba w ON w.id = s.waba_id
LEFT JOIN LATERAL (
  SELECT f.first_at, f.last_at, f.inbox_id FROM contact_fact f
  WHERE f.portfolio_id = w.portfolio_id AND f.a_key = v.a_key AND f.link = v.link AND f.a_kind = v.a_kind AND f.a = v.a
    AND f.b_kind = v.b_kind AND f.b = v.b LIMIT 1
) f ON true`,
};

/** What is known of each fact, `n` being its place. */
export function readKnownFacts(tx: Tx, facts: readonly SenderFact[]): Promise<KnownFact[]> {
  return tx.query<KnownFact>(READ_KNOWN_FACTS, [
    facts.map((_fact, n) => n),
    facts.map(({ phoneNumberId }) => phoneNumberId),
    ...namesOf(facts),
    facts.map(({ lastAt }) => lastAt),
  ]);
}

/** A fact of a portfolio. */
export interface PortfolioFact extends IdentityFact {
  portfolioId: string;
}

const IS_EARLIER = `(excluded.first_at, coalesce(excluded.inbox_id::text, '~')) < (f.first_at, coalesce(f.inbox_id::text, '~'))`;

/** The caller holds the identities of the portfolio; locks in the order of the primary key. */
const KEEP_FACTS: Statement = {
  name: 'keep-contact-facts',
  sql: `
INSERT INTO contact_fact AS f (portfolio_id, link, a_kind, a, a_key, b_kind, b, b_key, first_at, last_at, inbox_id)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
  $10::timestamptz[], $11::uuid[]) v(portfolio_id, link, a_kind, a, a_key, b_kind, b, b_key, first_at, last_at, inbox_id)
ORDER BY portfolio_id, a_key, link, a_kind, a, b_kind, b
ON CONFLICT (portfolio_id, a_key, link, a_kind, a, b_kind, b) DO UPDATE SET first_at = LEAST(f.first_at, excluded.first_at),
  last_at = GREATEST(f.last_at, excluded.last_at), inbox_id = CASE WHEN ${IS_EARLIER} THEN excluded.inbox_id ELSE f.inbox_id END
WHERE ${IS_EARLIER} OR excluded.last_at > f.last_at`,
};

/** Keeps facts that are new, or were told earlier than is known. Each at most once. */
export async function keepFacts(tx: Tx, facts: readonly PortfolioFact[]): Promise<void> {
  await tx.query(KEEP_FACTS, [
    facts.map(({ portfolioId }) => portfolioId),
    ...namesOf(facts),
    facts.map(({ b }) => (b === null ? '' : contactKey(b.value))),
    facts.map(({ firstAt }) => firstAt),
    facts.map(({ lastAt }) => lastAt),
    facts.map(({ inboxId }) => inboxId),
  ]);
}

/** Facts, and the identifiers in them in the time of their holder, were shown again. In the order of the primary key. */
const TOUCH_FACTS: Statement = {
  name: 'touch-contact-facts',
  sql: `
WITH v AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
    v(portfolio_id, link, a_kind, a, a_key, b_kind, b, at, last_at)
), l AS MATERIALIZED (
  SELECT f.* , v.last_at AS shown_at, v.at FROM v
  JOIN contact_fact f ON f.portfolio_id = v.portfolio_id AND f.a_key = v.a_key AND f.link = v.link AND f.a_kind = v.a_kind AND f.a = v.a
    AND f.b_kind = v.b_kind AND f.b = v.b
  WHERE f.last_at < v.last_at ORDER BY f.portfolio_id, f.a_key, f.link, f.a_kind, f.a, f.b_kind, f.b FOR UPDATE OF f
), f AS (
  UPDATE contact_fact f SET last_at = l.shown_at FROM l
  WHERE f.portfolio_id = l.portfolio_id AND f.a_key = l.a_key AND f.link = l.link AND f.a_kind = l.a_kind AND f.a = l.a
    AND f.b_kind = l.b_kind AND f.b = l.b
), i AS (
  SELECT o.contact_id, x.value, max(l.shown_at) AS shown_at, max(l.at) AS at
  FROM l JOIN contact_alias o ON o.portfolio_id = l.portfolio_id AND o.value = l.a AND o.kind <> 'username'
    AND o.held_from <= l.at AND (o.held_until IS NULL OR o.held_until > l.at)
  CROSS JOIN LATERAL (VALUES (l.a), (NULLIF(l.b, ''))) x(value)
  WHERE x.value IS NOT NULL GROUP BY 1, 2
)
UPDATE contact_alias c SET last_seen_at = i.shown_at FROM i
WHERE c.contact_id = i.contact_id AND c.value = i.value AND c.last_seen_at < i.shown_at
  AND c.held_from <= i.at AND (c.held_until IS NULL OR c.held_until > i.at)`,
};

/** Notes that contacts showed what was known of them, and of nobody else. The caller has locked the identities of their portfolios. */
export async function touchFacts(tx: Tx, facts: readonly PortfolioFact[]): Promise<void> {
  await tx.query(TOUCH_FACTS, [
    facts.map(({ portfolioId }) => portfolioId),
    ...namesOf(facts),
    facts.map(({ firstAt }) => firstAt),
    facts.map(({ lastAt }) => lastAt),
  ]);
}

const LOCK_IDENTITIES: Statement = {
  name: 'lock-identities',
  sql: `
SELECT CASE WHEN alone THEN pg_advisory_xact_lock(hashtext('identity'), k)::text ELSE pg_advisory_xact_lock_shared(hashtext('identity'), k)::text END
FROM (
  SELECT hashtext(w.portfolio_id) AS k, bool_or(w.portfolio_id = ANY($2::text[])) AS alone
  FROM sender s JOIN waba w ON w.id = s.waba_id WHERE s.phone_number_id = ANY($1::text[]) GROUP BY 1 ORDER BY 1) v`,
};

/**
 * From here on nobody else changes who is who in the portfolios of these senders, until the caller's transaction is over; those of
 * `toChange` the caller may change itself. To be taken after rows of messages, before the locks of conversations, and once with all senders that the
 * transaction is about: in one order, so that no two wait for each other.
 */
export async function lockIdentities(
  tx: Tx,
  senders: readonly string[],
  toChange: readonly string[] = [],
): Promise<void> {
  if (senders.length > 0) await tx.query(LOCK_IDENTITIES, [[...new Set(senders)], [...toChange]]);
}

const FACT_COLUMNS = `
  f.portfolio_id AS "portfolioId", f.link, f.a_kind AS "aKind", f.a, f.b_kind AS "bKind", f.b, f.first_at AS "firstAt", f.last_at AS "lastAt",
  f.inbox_id AS "inboxId"`;

/** Everything told of whoever shares an identifier, by any number of steps. Keys: primary key and contact_fact_b. */
const READ_FACTS_AROUND: Statement = {
  name: 'read-contact-facts-around',
  sql: `
WITH RECURSIVE k(portfolio_id, key) AS (
  SELECT * FROM unnest($1::text[], $2::text[])
  UNION
  SELECT k.portfolio_id, x.key FROM k CROSS JOIN LATERAL (
    SELECT f.b_key AS key FROM contact_fact f WHERE f.portfolio_id = k.portfolio_id AND f.a_key = k.key AND f.link NOT IN ('seen', 'named')
    UNION ALL
    SELECT f.a_key FROM contact_fact f WHERE f.portfolio_id = k.portfolio_id AND f.b_key = k.key AND f.b_key <> '' AND f.link <> 'named') x
)
SELECT ${FACT_COLUMNS}
FROM k CROSS JOIN LATERAL (SELECT * FROM contact_fact f WHERE f.portfolio_id = k.portfolio_id AND f.a_key = k.key OFFSET 0) f`,
};

interface FactRow extends Omit<PortfolioFact, 'a' | 'b'> {
  aKind: IdentifierKind;
  a: string;
  bKind: IdentifierKind | '';
  b: string;
}

/** All facts from which the contacts around these facts follow, as they are stored now. */
export async function readFactsAround(tx: Tx, facts: readonly PortfolioFact[]): Promise<PortfolioFact[]> {
  const starts = facts.flatMap(({ portfolioId, link, a, b }) =>
    [a, link === 'named' ? null : b].flatMap((id) => (id === null ? [] : [{ portfolioId, key: contactKey(id.value) }])),
  );
  const rows = await tx.query<FactRow>(READ_FACTS_AROUND, [
    starts.map(({ portfolioId }) => portfolioId),
    starts.map(({ key }) => key),
  ]);
  return factsOf(rows);
}

const READ_ALL_FACTS: Statement = {
  name: 'read-all-contact-facts',
  sql: `SELECT ${FACT_COLUMNS} FROM contact_fact f`,
};

/** All facts that are stored. */
export async function readAllFacts(tx: Tx): Promise<PortfolioFact[]> {
  return factsOf(await tx.query<FactRow>(READ_ALL_FACTS, []));
}

function factsOf(rows: readonly FactRow[]): PortfolioFact[] {
  return rows.map(({ aKind, a, bKind, b, ...fact }) => ({
    ...fact,
    a: { kind: aKind, value: a },
    b: bKind === '' ? null : { kind: bKind, value: b },
  }));
}

/** The columns that name a fact: link, kind and value of both sides, and the key of the first. */
function namesOf(facts: readonly IdentityFact[]): [FactLink[], string[], string[], string[], string[], string[]] {
  return [
    facts.map(({ link }) => link),
    facts.map(({ a }) => a.kind),
    facts.map(({ a }) => a.value),
    facts.map(({ a }) => contactKey(a.value)),
    facts.map(({ b }) => b?.kind ?? ''),
    facts.map(({ b }) => b?.value ?? ''),
  ];
}
