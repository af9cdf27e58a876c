import type { RecipientKind } from '#graph-api';
import type { Statement, Tx } from '#persistence';

/** A status that waited, and the attempt it turned out to belong to. */
export interface Orphan<Item> {
  item: Item;
  inboxId: string;
  receivedAt: Date;
  messageId: string;
  attemptNo: number;
  /** Whom its message was written to, and as what. */
  recipient: string;
  recipientKind: RecipientKind;
}

/**
 * Statuses that came before their wamid was known leave orphan_status with the attempt they belong to. $1 null = of any
 * attempt. $3: of messages from this id on. Uses orphan_status' primary key, or attempt_wamid; skips what another transaction takes.
 */
const TAKE_ORPHANS: Statement = {
  name: 'take-orphans',
  sql: `
WITH o AS (
  SELECT o.wamid, o.recipient, o.status, o.ts, o.code, t.message_id, t.no, m.recipient AS written_to, m.recipient_kind
  FROM orphan_status o JOIN attempt t ON t.wamid = o.wamid AND ($3::uuid IS NULL OR t.message_id >= $3)
  CROSS JOIN LATERAL (SELECT m.recipient, m.recipient_kind FROM message m WHERE m.id = t.message_id LIMIT 1) m
  WHERE $1::text[] IS NULL OR o.wamid = ANY($1) ORDER BY o.wamid, o.recipient, o.status, o.ts, o.code LIMIT $2 FOR UPDATE OF o SKIP LOCKED
)
DELETE FROM orphan_status d USING o
WHERE (d.wamid, d.recipient, d.status, d.ts, d.code) = (o.wamid, o.recipient, o.status, o.ts, o.code)
RETURNING d.item, d.inbox_id AS "inboxId", d.received_at AS "receivedAt", o.message_id AS "messageId", o.no AS "attemptNo",
  o.written_to AS recipient, o.recipient_kind AS "recipientKind"`,
};

export function takeOrphans<Item>(
  tx: Tx,
  wamids: readonly string[] | null,
  { limit, sinceId }: { limit: number; sinceId: string | null },
): Promise<Orphan<Item>[]> {
  return tx.query<Orphan<Item>>(TAKE_ORPHANS, [wamids, limit, sinceId]);
}

/** Kept for 30 days: what found no message by then was sent by another system. Uses orphan_status (received_at). */
const FORGET_ORPHANS: Statement = {
  name: 'forget-orphans',
  sql: `DELETE FROM orphan_status WHERE received_at < now() - interval '30 days'`,
};

export async function forgetOrphans(tx: Tx): Promise<void> {
  await tx.query(FORGET_ORPHANS, []);
}
