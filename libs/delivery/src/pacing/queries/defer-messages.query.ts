import type { Statement, Tx } from '#persistence';

/** A message whose recipient may get it `afterMs` from now. */
export interface DeferredMessage {
  messageId: string;
  afterMs: number;
}

/** Lets messages wait for their recipient's turn. Only those that still wait and are due; locks in id order, skips what is locked. */
const DEFER_MESSAGES: Statement = {
  name: 'defer-messages',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id, r.after_ms FROM unnest($1::uuid[], $2::float8[]) r(id, after_ms) JOIN message m ON m.id = r.id
  WHERE m.state = 'queued' AND m.next_attempt_at <= now() ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
)
UPDATE message m SET reason = 'pair_pace', next_attempt_at = now() + l.after_ms * interval '1 ms', fed_at = NULL, updated_at = now()
FROM l WHERE m.id = l.id AND m.state = 'queued'`,
};

export async function deferMessages(tx: Tx, messages: readonly DeferredMessage[]): Promise<void> {
  await tx.query(DEFER_MESSAGES, [
    messages.map(({ messageId }) => messageId),
    messages.map(({ afterMs }) => Math.ceil(afterMs)),
  ]);
}
