import type pg from 'pg';
import { retryUnit } from './retry-unit.js';
import type { Statement, Tx } from './tx.js';

/** A connection of one piece of work: what it makes for itself (temporary tables, settings) is there until the work is over. */
export class Session implements Tx {
  private begin = 'BEGIN';

  constructor(private readonly client: pg.Client) {}

  async query<Row>({ name, sql }: Statement, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row & pg.QueryResultRow>({ name, text: sql, values })).rows;
  }

  /** Runs work in one transaction: all of it, or nothing. It is repeated after a lost race, so it must be idempotent. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return retryUnit(async () => {
      await this.client.query(this.begin);
      try {
        const result = await work(this);
        await this.client.query('COMMIT');
        return result;
      } catch (error) {
        await this.client.query('ROLLBACK');
        throw error;
      }
    });
  }

  /** One transaction that sees the database as it is when it begins, whatever others commit meanwhile. */
  async snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ';
    return this.transaction(work).finally(() => {
      this.begin = 'BEGIN';
    });
  }

  /** From now on Postgres refuses whatever would change a table that is not this session's own temporary one. */
  async forbidChanges(): Promise<void> {
    await this.client.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
  }
}
