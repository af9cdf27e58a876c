import type { Statement, Tx } from '#persistence';

/** A message that may go `afterMs` from now, and what it waits for until then. */
export interface DeferredMessage {
  messageId: string;
  reason: 'pair_pace' | 'portfolio_limit';
  afterMs: number;
}

/** Lets messages wait for their turn. Only those that still wait and are due; locks in id order, skips what is locked. */
const DEFER_MESSAGES: Statement = {
  name: 'defer-messages',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id, r.after_ms, r.reason FROM unnest($1::uuid[], $2::float8[], $3::text[]) r(id, after_ms, reason) JOIN message m ON m.id = r.id AND m.id = ANY($1::uuid[])
  WHERE m.state = 'queued' AND m.next_attempt_at <= now() ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
)
UPDATE message m SET reason = l.reason, next_attempt_at = now() + l.after_ms * interval '1 ms', fed_at = NULL, updated_at = now()
FROM l WHERE m.id = l.id AND m.id = ANY($1::uuid[]) AND m.state = 'queued'`,
};

export async function deferMessages(tx: Tx, messages: readonly DeferredMessage[]): Promise<void> {
  await tx.query(DEFER_MESSAGES, [
    messages.map(({ messageId }) => messageId),
    messages.map(({ afterMs }) => Math.ceil(afterMs)),
    messages.map(({ reason }) => reason),
  ]);
}
