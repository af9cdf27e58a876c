import type { Statement, Tx } from '#persistence';

const INSERT_BREAKER: Statement = {
  name: 'insert-breaker',
  sql: `INSERT INTO lane_breaker (phone_number_id) VALUES ($1) ON CONFLICT DO NOTHING`,
};
const DELETE_BREAKER: Statement = {
  name: 'delete-breaker',
  sql: `DELETE FROM lane_breaker WHERE phone_number_id = $1`,
};

/** Opens the breaker of a lane; one that is open stays as it is. */
export async function insertBreaker(tx: Tx, phoneNumberId: string): Promise<void> {
  await tx.query(INSERT_BREAKER, [phoneNumberId]);
}

export async function deleteBreaker(tx: Tx, phoneNumberId: string): Promise<void> {
  await tx.query(DELETE_BREAKER, [phoneNumberId]);
}
