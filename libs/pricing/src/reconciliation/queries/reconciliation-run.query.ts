import type { Statement, Tx } from '#persistence';
import type { Account } from './store-comparison.query.js';

const WITH_SENDER = `EXISTS (SELECT FROM sender s WHERE s.waba_id = w.id)`;

/** Takes accounts that were not compared for $1 ms; one worker gets each. A try counts: what failed waits as long. */
const TAKE_DUE: Statement = {
  name: 'take-due-reconciliations',
  sql: `
WITH taken AS (
  INSERT INTO pricing_reconciliation AS y (waba_id, tried_at)
  SELECT w.id, now() FROM waba w
  WHERE ${WITH_SENDER}
    AND NOT EXISTS (SELECT FROM pricing_reconciliation d WHERE d.waba_id = w.id AND d.tried_at > now() - $1::bigint * interval '1 ms')
  ORDER BY w.id LIMIT $2
  ON CONFLICT (waba_id) DO UPDATE SET tried_at = now() WHERE y.tried_at <= now() - $1::bigint * interval '1 ms'
  RETURNING waba_id
)
SELECT w.id AS "wabaId", w.timezone, w.currency FROM taken t JOIN waba w ON w.id = t.waba_id ORDER BY 1`,
};

/** @returns accounts that are the caller's to compare now */
export const takeDueAccounts = (tx: Pick<Tx, 'query'>, olderThanMs: number, limit: number): Promise<Account[]> =>
  tx.query<Account>(TAKE_DUE, [olderThanMs, limit]);

const ACCOUNTS: Statement = {
  name: 'accounts-to-reconcile',
  sql: `SELECT w.id AS "wabaId", w.timezone, w.currency FROM waba w WHERE ${WITH_SENDER} AND ($1::text IS NULL OR w.id = $1) ORDER BY 1`,
};

/** All accounts with a sender, or the one of an id. */
export const accountsOf = (tx: Pick<Tx, 'query'>, wabaId: string | null): Promise<Account[]> =>
  tx.query<Account>(ACCOUNTS, [wabaId]);

const NOTE_RUN: Statement = {
  name: 'note-reconciliation',
  sql: `
INSERT INTO pricing_reconciliation AS y (waba_id, tried_at, compared_at, failure)
VALUES ($1, now(), CASE WHEN $2::text IS NULL THEN now() END, $2)
ON CONFLICT (waba_id) DO UPDATE SET tried_at = now(), failure = excluded.failure, compared_at = coalesce(excluded.compared_at, y.compared_at)`,
};

/** Notes that an account was compared, or why not; its row is locked until the transaction ends. */
export async function noteRun(tx: Pick<Tx, 'query'>, wabaId: string, failure: string | null): Promise<void> {
  await tx.query(NOTE_RUN, [wabaId, failure]);
}
