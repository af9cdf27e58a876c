import type { ContactChange } from '#contacts';
import { opensForCertain } from '#conversations';
import type { Statement, Tx } from '#persistence';

/** A message whose portfolio has written to as many people as it may; `afterMs` until one of them counts no more, null: not known. */
export interface OverBudget {
  messageId: string;
  afterMs: number | null;
}

/** Workers take turns a portfolio, until their transaction ends: each sees whom the others admitted. */
const LOCK_PORTFOLIOS: Statement = {
  name: 'lock-portfolios',
  sql: `
SELECT pg_advisory_xact_lock(k) FROM (
  SELECT DISTINCT hashtextextended('portfolio ' || w.portfolio_id, 0) AS k
  FROM message m JOIN sender s ON s.phone_number_id = m.phone_number_id JOIN waba w ON w.id = s.waba_id
  WHERE m.id = ANY($1::uuid[]) ORDER BY 1) v`,
};

/**
 * Admits messages in the order given. One to somebody whose window a message or call has opened for certain needs no place; one to somebody who has a place
 * already takes none; whoever is new takes one while there are any. Counted within the last 24 hours, by portfolio. Somebody is a contact
 * under any of its identifiers (the function contact_identifiers), or a recipient of whom no more is known. Uses portfolio_user's primary key and its index by time,
 * and those of inbound_message and inbound_call by sender, contact and time.
 */
const ADMIT_USERS: Statement = {
  name: 'admit-users',
  sql: `
WITH v AS (
  SELECT k.n, m.id AS message_id, m.recipient, w.portfolio_id, p.users, coalesce(d.contact_id::text, m.recipient) AS who, d.identifiers
  FROM unnest($1::uuid[]) WITH ORDINALITY k(message_id, n)
  JOIN message m ON m.id = k.message_id AND m.id = ANY($1::uuid[])
  JOIN sender s ON s.phone_number_id = m.phone_number_id
  JOIN waba w ON w.id = s.waba_id
  JOIN portfolio_limit p ON p.portfolio_id = w.portfolio_id AND p.users IS NOT NULL
  CROSS JOIN LATERAL (
    SELECT (array_agg(d.contact_id))[1] AS contact_id, array_agg(d.value) AS identifiers
    FROM contact_identifiers(m.phone_number_id, m.recipient, now()) d WHERE d.held_until IS NULL) d
  WHERE NOT EXISTS (
    SELECT FROM inbound_message i WHERE i.phone_number_id = m.phone_number_id AND i.contact = ANY (d.identifiers)
      AND i.ts > now() - interval '24 hours' AND ${opensForCertain('i')})
    AND NOT EXISTS (
      SELECT FROM inbound_call c WHERE c.phone_number_id = m.phone_number_id AND c.contact = ANY (d.identifiers)
        AND c.started_at > now() - interval '24 hours')
), k AS (
  SELECT v.*, u.last_at, u.recipient AS counted_as FROM v
  LEFT JOIN LATERAL (
    SELECT u.last_at, u.recipient FROM portfolio_user u
    WHERE u.portfolio_id = v.portfolio_id AND u.recipient = ANY (v.identifiers) AND u.last_at > now() - interval '24 hours'
    ORDER BY u.last_at DESC LIMIT 1) u ON true
), c AS (
  SELECT portfolio_id, users, (SELECT count(*) FROM portfolio_user u WHERE u.portfolio_id = p.portfolio_id AND u.last_at > now() - interval '24 hours') AS counted
  FROM (SELECT DISTINCT portfolio_id, users FROM k) p
), f AS (
  SELECT portfolio_id, who, min(recipient) AS recipient, row_number() OVER (PARTITION BY portfolio_id ORDER BY min(n)) AS place
  FROM k WHERE last_at IS NULL GROUP BY 1, 2
), a AS (
  INSERT INTO portfolio_user (portfolio_id, recipient, last_at)
  SELECT portfolio_id, recipient, now() FROM (
    SELECT f.portfolio_id, f.recipient FROM f JOIN c USING (portfolio_id) WHERE c.counted + f.place <= c.users
    UNION SELECT portfolio_id, counted_as FROM k WHERE last_at < now() - interval '1 minute'
  ) x ORDER BY 1, 2
  ON CONFLICT (portfolio_id, recipient) DO UPDATE SET last_at = excluded.last_at
)
SELECT k.message_id AS "messageId", (extract(epoch FROM (
    SELECT u.last_at FROM portfolio_user u WHERE u.portfolio_id = c.portfolio_id AND u.last_at > now() - interval '24 hours'
    ORDER BY u.last_at OFFSET GREATEST(c.counted + f.place - c.users - 1, 0) LIMIT 1
  ) + interval '24 hours' - now()) * 1000)::float8 AS "afterMs"
FROM k JOIN f ON f.portfolio_id = k.portfolio_id AND f.who = k.who JOIN c ON c.portfolio_id = k.portfolio_id
WHERE k.last_at IS NULL AND c.counted + f.place > c.users
ORDER BY k.n`,
};

/** Gives messages their places, in one transaction of the caller's. @returns those that got none */
export async function admitUsers(tx: Tx, messageIds: readonly string[]): Promise<OverBudget[]> {
  await tx.query(LOCK_PORTFOLIOS, [messageIds]);
  return tx.query<OverBudget>(ADMIT_USERS, [messageIds]);
}

/** Of a contact that was counted under several identifiers the newest stays. Primary key. */
const COUNT_ONCE: Statement = {
  name: 'count-portfolio-users-once',
  sql: `
DELETE FROM portfolio_user u USING (
  SELECT o.portfolio_id, o.recipient, row_number() OVER (PARTITION BY v.n ORDER BY o.last_at DESC, o.recipient) AS place
  FROM unnest($1::int[], $2::text[], $3::text[]) v(n, portfolio_id, identifier)
  JOIN portfolio_user o ON o.portfolio_id = v.portfolio_id AND o.recipient = v.identifier) d
WHERE d.place > 1 AND u.portfolio_id = d.portfolio_id AND u.recipient = d.recipient`,
};

/** Counts people once who turned out to be one, whatever they were written to under. */
export async function countUsersOnce(tx: Tx, changes: readonly ContactChange[]): Promise<void> {
  const held = changes.flatMap(({ portfolioId, identifiers, formerly }, n) =>
    formerly.length === 0
      ? []
      : identifiers
          .filter(({ kind, heldUntil }) => kind !== 'username' && heldUntil === null)
          .map(({ value }) => ({ n, portfolioId, value })),
  );
  if (held.length === 0) return;
  await tx.query(COUNT_ONCE, [
    held.map(({ n }) => n),
    held.map(({ portfolioId }) => portfolioId),
    held.map(({ value }) => value),
  ]);
}

const FORGET_USERS: Statement = {
  name: 'forget-portfolio-users',
  sql: `DELETE FROM portfolio_user WHERE last_at < now() - interval '25 hours'`,
};

/** Drops whoever counts no more. */
export async function forgetUsers(tx: Tx): Promise<void> {
  await tx.query(FORGET_USERS, []);
}
