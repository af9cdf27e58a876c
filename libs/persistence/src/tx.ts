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
}
