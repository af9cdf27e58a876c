import type { Statement, Tx } from '#persistence';

/** What to report. Days are of each account's own time zone, both ends inclusive. */
export interface ReconciliationReportQuery {
  from: string;
  to: string;
  /** Phone number ids that the reader may see; an account is shown to whoever may see all of its senders. */
  senders: 'all' | readonly string[];
}

/** Charges and Meta's figures of one account, day, market, category and type of pricing. Micro-units of the account's currency. */
export interface ReconciliationRow {
  wabaId: string;
  day: string;
  market: string;
  /** Of Meta's figures, ISO 3166, separated by spaces. */
  countries: string;
  category: string;
  pricingType: string;
  currency: string;
  /** Of our clients. */
  messages: number;
  /** Of other systems that send from the account's numbers. */
  foreignMessages: number;
  metaMessages: number;
  /** Meta's less ours and the foreign ones. */
  messagesDifference: number;
  amountMicros: number;
  foreignAmountMicros: number;
  /** Null: Meta does not tell what it cost. */
  metaAmountMicros: number | null;
  amountDifferenceMicros: number | null;
  /** Charges at nothing, since their rate or type is not known. */
  unpriced: number;
  comparedAt: Date;
}

/** When an account was compared last. */
export interface ReconciledAccountRow {
  wabaId: string;
  triedAt: Date;
  comparedAt: Date | null;
  /** Why the last try came to nothing; null: it did not. */
  failure: string | null;
}

const VISIBLE = (account: string, senders: string) =>
  `(${senders}::text[] IS NULL OR (EXISTS (SELECT FROM sender s WHERE s.waba_id = ${account})
    AND NOT EXISTS (SELECT FROM sender s WHERE s.waba_id = ${account} AND s.phone_number_id <> ALL (${senders}))))`;

/** Index: the primary key's, or a scan: a row a day, market and category. */
const READ_COMPARISONS: Statement = {
  name: 'reconciliation-report',
  sql: `
SELECT c.waba_id AS "wabaId", c.day::text, c.market, array_to_string(c.countries, ' ') AS countries, c.category, c.pricing_type AS "pricingType", c.currency,
  c.messages::float8, c.foreign_messages::float8 AS "foreignMessages", c.meta_messages::float8 AS "metaMessages",
  (c.meta_messages - c.messages - c.foreign_messages)::float8 AS "messagesDifference",
  c.amount_micros::float8 AS "amountMicros", c.foreign_amount_micros::float8 AS "foreignAmountMicros",
  c.meta_amount_micros::float8 AS "metaAmountMicros",
  (c.meta_amount_micros - c.amount_micros - c.foreign_amount_micros)::float8 AS "amountDifferenceMicros",
  c.unpriced::float8, c.compared_at AS "comparedAt"
FROM pricing_comparison c WHERE c.day BETWEEN $1::date AND $2::date AND ${VISIBLE('c.waba_id', '$3')}
ORDER BY c.waba_id, c.day, c.market, c.category, c.pricing_type`,
};

const READ_RUNS: Statement = {
  name: 'reconciled-accounts',
  sql: `
SELECT r.waba_id AS "wabaId", r.tried_at AS "triedAt", r.compared_at AS "comparedAt", r.failure
FROM pricing_reconciliation r WHERE ${VISIBLE('r.waba_id', '$1')} ORDER BY 1`,
};

const visible = (senders: ReconciliationReportQuery['senders']) => (senders === 'all' ? null : senders);

export const readComparisons = (
  tx: Pick<Tx, 'query'>,
  { from, to, senders }: ReconciliationReportQuery,
): Promise<ReconciliationRow[]> => tx.query<ReconciliationRow>(READ_COMPARISONS, [from, to, visible(senders)]);

export const readReconciledAccounts = (
  tx: Pick<Tx, 'query'>,
  { senders }: Pick<ReconciliationReportQuery, 'senders'>,
): Promise<ReconciledAccountRow[]> => tx.query<ReconciledAccountRow>(READ_RUNS, [visible(senders)]);
