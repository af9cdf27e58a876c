/** What a query runs on: the pool, or the one connection of a transaction. */
export interface Tx {
  /**
   * Runs a prepared statement.
   * @param statement its name (the prepared plan is kept under it) and its SQL
   */
  query<Row>(statement: Statement, values: unknown[]): Promise<Row[]>;
}

/** A hot SQL statement. The name must be unique among all statements. */
export interface Statement {
  name: string;
  sql: string;
  /**
   * generic: planned once, for whatever values. For what only looks rows up by index, whatever it is given, and takes longer to plan than
   * to run. It counts outside of transactions. Left out: planned with the values at hand, each time.
   */
  plan?: 'generic';
}
