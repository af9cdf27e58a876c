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
INSERT INTO window_closing AS w (phone_number_id, contact, closed_at)
SELECT phone_number_id, contact, max(at) FROM unnest($1::text[], $2::text[], $3::timestamptz[]) v(phone_number_id, contact, at)
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (phone_number_id, contact) DO UPDATE SET closed_at = excluded.closed_at WHERE excluded.closed_at > w.closed_at`,
};

/** Notes that windows were closed: until the contact writes or calls again. The latest stays, in whatever order they come. */
export async function noteClosings(tx: Tx, closings: readonly WindowClosing[]): Promise<void> {
  if (closings.length === 0) return;
  await tx.query(NOTE_CLOSINGS, [
    closings.map(({ phoneNumberId }) => phoneNumberId),
    closings.map(({ contact }) => contact),
    closings.map(({ at }) => at),
  ]);
}
