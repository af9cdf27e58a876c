import type { Statement, Tx } from '#persistence';

/** A due message that the feeder took for a queue. */
export interface FedMessage {
  messageId: string;
  fence: string;
  phoneNumberId: string;
}

/**
 * Takes due messages of one priority and marks them fed: the first of every lane, then the second, so that a long lane does not
 * hide a short one. What was fed before $3 ms and was never claimed is taken again: the one rule that rebuilds a queue that was
 * lost. Uses message_due; skips lanes that are held and rows that are locked. $2 = the most rows of one lane, $4 = of all; $5 = of
 * a lane whose own hold ended within $6 ms, so that what it held does not run into the same limit at once.
 */
const FEED_DUE_MESSAGES: Statement = {
  name: 'feed-due-messages',
  sql: `
WITH d AS MATERIALIZED (
  SELECT q.id FROM sender s CROSS JOIN LATERAL (
    SELECT m.id, m.next_attempt_at, row_number() OVER (ORDER BY m.next_attempt_at) AS turn FROM message m
    WHERE m.phone_number_id = s.phone_number_id AND m.priority = $1 AND m.next_attempt_at IS NOT NULL AND m.next_attempt_at <= now()
      AND m.expires_at > now() AND (m.fed_at IS NULL OR m.fed_at < now() - $3 * interval '1 ms')
    ORDER BY m.next_attempt_at
    LIMIT CASE WHEN EXISTS (
      SELECT 1 FROM hold h WHERE h.scope = 'sender' AND h.scope_id = s.phone_number_id AND h.until > now() - $6 * interval '1 ms'
    ) THEN $5::int ELSE $2::int END
  ) q
  WHERE s.phone_number_id NOT IN (SELECT phone_number_id FROM held_lane)
  ORDER BY q.turn, q.next_attempt_at LIMIT $4
), l AS MATERIALIZED (
  SELECT m.id FROM d JOIN message m ON m.id = d.id
  WHERE m.next_attempt_at <= now() AND (m.fed_at IS NULL OR m.fed_at < now() - $3 * interval '1 ms')
  ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
)
UPDATE message m SET fed_at = now() FROM l WHERE m.id = l.id
RETURNING m.id AS "messageId", m.fence::text, m.phone_number_id AS "phoneNumberId"`,
};

export function feedDueMessages(
  tx: Tx,
  round: {
    priority: number;
    perLane: number;
    refeedAfterMs: number;
    limit: number;
    perReleasedLane: number;
    releasedForMs: number;
  },
): Promise<FedMessage[]> {
  const { priority, perLane, refeedAfterMs, limit, perReleasedLane, releasedForMs } = round;
  return tx.query<FedMessage>(FEED_DUE_MESSAGES, [
    priority,
    perLane,
    refeedAfterMs,
    limit,
    perReleasedLane,
    releasedForMs,
  ]);
}

/** Forgets that messages were fed: the queue lost them, or never got them. Without ids, all of them. */
const UNFEED: Statement = {
  name: 'unfeed-messages',
  sql: `
WITH l AS MATERIALIZED (
  SELECT id FROM message WHERE next_attempt_at IS NOT NULL AND next_attempt_at <= now() AND fed_at IS NOT NULL AND ($1::uuid[] IS NULL OR id = ANY($1))
  ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE message m SET fed_at = NULL FROM l WHERE m.id = l.id RETURNING m.id`,
};

/** @returns how many messages will be fed again. */
export async function unfeed(tx: Tx, messageIds: string[] | null): Promise<number> {
  return (await tx.query(UNFEED, [messageIds])).length;
}
