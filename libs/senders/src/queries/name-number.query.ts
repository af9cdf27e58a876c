import type { Statement, Tx } from '#persistence';

const NAME_NUMBER: Statement = {
  name: 'name-number',
  sql: `UPDATE sender SET display_number = $2, updated_at = now() WHERE phone_number_id = $1 AND display_number IS NULL AND $2::text IS NOT NULL`,
};

/** Gives a sender its number as Meta shows it, unless an operator did: webhooks of accounts name it by that. */
export async function nameNumber(tx: Tx, phoneNumberId: string, displayNumber: string | null): Promise<void> {
  await tx.query(NAME_NUMBER, [phoneNumberId, displayNumber]);
}
