import type { Statement, Tx } from '#persistence';

/** Meta refused a free-form message to a contact because the window was closed (131047), at that time. */
export interface WindowClosing {
  phoneNumberId: string;
  contact: string;
  at: Date;
}

const NOTE_CLOSINGS: Statement = {
  name: 'note-closings',
  sql: `
INSERT INTO window_closing (phone_number_id, contact, closed_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING`,
};

/** Notes that windows were closed: each until the contact writes or calls again. All stay, for instants of the past. Safe to run twice. */
export async function noteClosings(tx: Tx, closings: readonly WindowClosing[]): Promise<void> {
  if (closings.length === 0) return;
  await tx.query(NOTE_CLOSINGS, [
    closings.map(({ phoneNumberId }) => phoneNumberId),
    closings.map(({ contact }) => contact),
    closings.map(({ at }) => at),
  ]);
}
