import type { Statement, Tx } from '#persistence';

/** A due message that the feeder took for a queue. */
export interface FedMessage {
  messageId: string;
  fence: string;
  phoneNumberId: string;
  priority: number;
}

/** What one round may take. Lists by priority have three entries: urgent, standard, bulk. */
export interface FeedRound {
  /** The lanes, and how many messages each may have in its queues: those that wait there already count. */
  lanes: readonly { phoneNumberId: string; window: number }[];
  /** How a lane's window is shared by the priorities that wait. */
  shares: readonly number[];
  /** The most messages of each priority in this round. */
  rooms: readonly number[];
  refeedAfterMs: number;
}

/**
 * Takes due messages and marks them fed. Of each lane no more than its window: the first message of each client, then the
 * second, so that no client waits behind another's backlog; of all lanes the first, then the second, so that no lane hides
 * another. What was fed before $5 ms and was never claimed is taken again: the one rule that rebuilds a queue that was lost.
 * $6 = the widest window, so that the plan knows how little is read. Steps from client to client in message_due and reads of each no more than a window; locks in id order, skips what is locked.
 */
const FEED_DUE_MESSAGES: Statement = {
  name: 'feed-due-messages',
  sql: `
WITH RECURSIVE lane AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::int[]) l(phone_number_id, width)
), client AS (
  SELECT l.phone_number_id, l.width, p.priority, c.client_id
  FROM lane l CROSS JOIN (SELECT (i - 1)::smallint AS priority FROM generate_subscripts($3::float8[], 1) i) p CROSS JOIN LATERAL (
    SELECT m.client_id FROM message m
    WHERE m.phone_number_id = l.phone_number_id AND m.priority = p.priority AND m.next_attempt_at IS NOT NULL
    ORDER BY m.client_id, m.next_attempt_at LIMIT 1
  ) c
  UNION ALL
  SELECT t.phone_number_id, t.width, t.priority, c.client_id FROM client t CROSS JOIN LATERAL (
    SELECT m.client_id FROM message m
    WHERE m.phone_number_id = t.phone_number_id AND m.priority = t.priority AND m.client_id > t.client_id AND m.next_attempt_at IS NOT NULL
    ORDER BY m.client_id, m.next_attempt_at LIMIT 1
  ) c
), due AS MATERIALIZED (
  SELECT t.phone_number_id, t.width, t.priority, q.*,
    row_number() OVER (PARTITION BY t.phone_number_id, t.priority ORDER BY q.turn, q.next_attempt_at) AS place
  FROM client t CROSS JOIN LATERAL (
    SELECT m.id, m.next_attempt_at, m.fed_at IS NOT NULL AND m.fed_at >= now() - $5 * interval '1 ms' AS is_fed,
      row_number() OVER (ORDER BY m.next_attempt_at) AS turn
    FROM message m
    WHERE m.phone_number_id = t.phone_number_id AND m.priority = t.priority AND m.client_id = t.client_id
      AND m.next_attempt_at IS NOT NULL AND m.next_attempt_at <= now() AND m.expires_at > now()
    ORDER BY m.next_attempt_at LIMIT $6
  ) q
  WHERE q.turn <= t.width
), width AS MATERIALIZED (
  SELECT phone_number_id, priority, ceil(width * ($3::float8[])[priority + 1] / sum(($3::float8[])[priority + 1]) OVER (PARTITION BY phone_number_id)) AS width
  FROM (SELECT DISTINCT phone_number_id, priority, width FROM due) d
), chosen AS MATERIALIZED (
  SELECT d.id, d.priority, d.place, row_number() OVER (PARTITION BY d.priority ORDER BY d.place, d.next_attempt_at) AS line
  FROM due d JOIN width w ON w.phone_number_id = d.phone_number_id AND w.priority = d.priority
  WHERE d.place <= w.width AND NOT d.is_fed
), l AS MATERIALIZED (
  SELECT m.id FROM message m
  WHERE m.id = ANY(ARRAY(SELECT c.id FROM chosen c WHERE c.line <= ($4::int[])[c.priority + 1]))
    AND m.next_attempt_at <= now() AND (m.fed_at IS NULL OR m.fed_at < now() - $5 * interval '1 ms')
  ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
), u AS (
  UPDATE message m SET fed_at = now() WHERE m.id = ANY(ARRAY(SELECT l.id FROM l))
  RETURNING m.id, m.fence, m.phone_number_id, m.priority
)
SELECT u.id AS "messageId", u.fence::text, u.phone_number_id AS "phoneNumberId", u.priority
FROM u JOIN chosen c ON c.id = u.id ORDER BY c.line`,
};

/** @returns what was taken, in the order in which it shall be sent */
export function feedDueMessages(tx: Tx, { lanes, shares, rooms, refeedAfterMs }: FeedRound): Promise<FedMessage[]> {
  return tx.query<FedMessage>(FEED_DUE_MESSAGES, [
    lanes.map(({ phoneNumberId }) => phoneNumberId),
    lanes.map(({ window }) => window),
    shares,
    rooms,
    refeedAfterMs,
    Math.max(1, ...lanes.map(({ window }) => window)),
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
