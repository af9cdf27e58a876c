import type { Statement, Tx } from '#persistence';

/** A call that a contact made to a sender; `startedAt` as far as one event of it tells. */
export interface CallHeard {
  id: string;
  phoneNumberId: string;
  contact: string;
  startedAt: Date;
}

const KEEP_CALLS: Statement = {
  name: 'keep-inbound-calls',
  sql: `
INSERT INTO inbound_call AS c (id, phone_number_id, contact, started_at)
SELECT DISTINCT ON (id) id, phone_number_id, contact, started_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) v(id, phone_number_id, contact, started_at)
ORDER BY id, started_at
ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at WHERE excluded.started_at < c.started_at`,
};

/** Keeps calls of contacts, one row each: the earliest event tells when it began, in whatever order they come. */
export async function keepInboundCalls(tx: Tx, calls: readonly CallHeard[]): Promise<void> {
  if (calls.length === 0) return;
  await tx.query(KEEP_CALLS, [
    calls.map(({ id }) => id),
    calls.map(({ phoneNumberId }) => phoneNumberId),
    calls.map(({ contact }) => contact),
    calls.map(({ startedAt }) => startedAt),
  ]);
}
