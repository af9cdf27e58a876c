import type { CardRate, Validity } from '../domain/rate-card.js';
import type { Statement, Tx } from '#persistence';

/** Two imports take turns, so that neither overlaps the other. */
const LOCK_CARDS: Statement = { name: 'lock-rate-cards', sql: 'LOCK TABLE rate_card IN SHARE ROW EXCLUSIVE MODE' };

export async function lockCards(tx: Tx): Promise<void> {
  await tx.query(LOCK_CARDS, []);
}

const CARDS_OF: Statement = {
  name: 'rate-cards-of-currency',
  sql: `SELECT valid_from::text AS "validFrom", valid_until::text AS "validUntil" FROM rate_card WHERE currency = $1 ORDER BY valid_from`,
};

export function cardsOf(tx: Tx, currency: string): Promise<Validity[]> {
  return tx.query<Validity>(CARDS_OF, [currency]);
}

const INSERT_CARD: Statement = {
  name: 'insert-rate-card',
  sql: `
WITH c AS (
  INSERT INTO rate_card (id, currency, valid_from, valid_until, source, is_official) VALUES ($1, $2, $3::date, $4::date, $5, $6) RETURNING id
)
INSERT INTO rate (card_id, market, category, tier_from, tier_to, rate_micros)
SELECT c.id, v.* FROM c, unnest($7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[]) v`,
};

export async function insertCard(
  tx: Tx,
  id: string,
  card: Validity & { currency: string; source: string; isOfficial: boolean },
  rates: readonly CardRate[],
): Promise<void> {
  await tx.query(INSERT_CARD, [
    id,
    card.currency,
    card.validFrom,
    card.validUntil,
    card.source,
    card.isOfficial,
    rates.map(({ market }) => market),
    rates.map(({ category }) => category),
    rates.map(({ tierFrom }) => tierFrom),
    rates.map(({ tierTo }) => tierTo),
    rates.map(({ rateMicros }) => rateMicros),
  ]);
}
