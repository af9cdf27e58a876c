import type { Statement, Tx } from '#persistence';

/** What is known of a portfolio's messaging limit, through one of its accounts. `users` null: any number. */
export interface MessagingLimitFact {
  wabaId: string;
  users: number | null;
  knownAt: Date;
}

/** What is known of a number's throughput; named by its id, or by its account and display number. */
export interface ThroughputFact {
  phoneNumberId: string | null;
  wabaId: string | null;
  displayNumber: string | null;
  /** Messages a second, in and out together. */
  perSecond: number;
  knownAt: Date;
}

/** What Meta said last counts, in whatever order it comes. Unique key: portfolio; locked in its order. */
const SET_MESSAGING_LIMITS: Statement = {
  name: 'set-messaging-limits',
  sql: `
INSERT INTO portfolio_limit AS p (portfolio_id, users, known_at)
SELECT DISTINCT ON (w.portfolio_id) w.portfolio_id, v.users, v.known_at
FROM unnest($1::text[], $2::int[], $3::timestamptz[]) v(waba_id, users, known_at) JOIN waba w ON w.id = v.waba_id
ORDER BY w.portfolio_id, v.known_at DESC, v.users
ON CONFLICT (portfolio_id) DO UPDATE SET users = excluded.users, known_at = excluded.known_at WHERE p.known_at <= excluded.known_at`,
};

export async function setMessagingLimits(tx: Tx, facts: readonly MessagingLimitFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query(SET_MESSAGING_LIMITS, [
    facts.map(({ wabaId }) => wabaId),
    facts.map(({ users }) => users),
    facts.map(({ knownAt }) => knownAt),
  ]);
}

/** Of a number's facts the latest counts. A display number is compared by its digits. */
const SET_THROUGHPUTS: Statement = {
  name: 'set-throughputs',
  sql: `
UPDATE sender s SET throughput_limit = v.per_second, throughput_known_at = v.known_at, updated_at = now()
FROM (
  SELECT DISTINCT ON (s.phone_number_id) s.phone_number_id, v.per_second, v.known_at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::timestamptz[]) v(phone_number_id, waba_id, display_number, per_second, known_at)
  JOIN sender s ON s.phone_number_id = v.phone_number_id
    OR (s.waba_id = v.waba_id AND regexp_replace(s.display_number, '\\D', '', 'g') = v.display_number)
  ORDER BY s.phone_number_id, v.known_at DESC
) v
WHERE s.phone_number_id = v.phone_number_id AND coalesce(s.throughput_known_at, '-infinity') <= v.known_at`,
};

export async function setThroughputs(tx: Tx, facts: readonly ThroughputFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query(SET_THROUGHPUTS, [
    facts.map(({ phoneNumberId }) => phoneNumberId),
    facts.map(({ wabaId }) => wabaId),
    facts.map(({ displayNumber }) => displayNumber?.replaceAll(/\D/g, '') ?? null),
    facts.map(({ perSecond }) => perSecond),
    facts.map(({ knownAt }) => knownAt),
  ]);
}
