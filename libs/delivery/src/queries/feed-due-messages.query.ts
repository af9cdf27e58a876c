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
  /** The ids among which messages wait; all unless given. */
  ids?: IdRange;
}

/** From the first id up to, and without, the last. */
export interface IdRange {
  fromId: string;
  toId: string;
}

const ALL_IDS: IdRange = {
  fromId: '00000000-0000-0000-0000-000000000000',
  toId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

const WAITING_RANGE: Statement = {
  name: 'waiting-range',
  sql: 'SELECT from_id AS "fromId", to_id AS "toId" FROM waiting_range()',
};

/** The ids of the months in which messages wait, and of the running one. Index: message_due, once a month. */
export async function readWaitingRange(tx: Tx): Promise<IdRange> {
  const [row] = await tx.query<IdRange>(WAITING_RANGE, []);
  return row ?? ALL_IDS;
}

/**
 * Takes due messages and marks them fed. Of each lane no more than its window: the first message of each client, then the
 * second, so that no client waits behind another's backlog; of all lanes the first, then the second, so that no lane hides
 * another. What was fed before $5 ms and was never claimed is taken again: the one rule that rebuilds a queue that was lost.
 * Steps from client to client in message_due. Of each it reads an even part of the window first (near), and more only of those
 * that have more where others have less (far, less what was near: messages that are due in one moment come in any order): what is read
 * grows with the window, not with the number of clients. Only the months of $6 to $7 are planned for. Locks in id order, skips what is
 * locked.
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
    WHERE m.phone_number_id = l.phone_number_id AND m.priority = p.priority AND m.next_attempt_at IS NOT NULL AND m.id >= $6 AND m.id < $7
    ORDER BY m.client_id, m.next_attempt_at LIMIT 1
  ) c
  UNION ALL
  SELECT t.phone_number_id, t.width, t.priority, c.client_id FROM client t CROSS JOIN LATERAL (
    SELECT m.client_id FROM message m
    WHERE m.phone_number_id = t.phone_number_id AND m.priority = t.priority AND m.client_id > t.client_id AND m.next_attempt_at IS NOT NULL AND m.id >= $6 AND m.id < $7
    ORDER BY m.client_id, m.next_attempt_at LIMIT 1
  ) c
), near AS MATERIALIZED (
  SELECT t.*, q.*, row_number() OVER (PARTITION BY t.phone_number_id, t.priority, t.client_id ORDER BY q.next_attempt_at) AS turn
  FROM (
    SELECT *, ceil(width::float8 / count(*) OVER (PARTITION BY phone_number_id, priority))::int AS part FROM client
  ) t CROSS JOIN LATERAL (
    SELECT m.id, m.next_attempt_at, m.fed_at IS NOT NULL AND m.fed_at >= now() - $5 * interval '1 ms' AS is_fed
    FROM message m
    WHERE m.phone_number_id = t.phone_number_id AND m.priority = t.priority AND m.client_id = t.client_id
      AND m.next_attempt_at IS NOT NULL AND m.next_attempt_at <= now() AND m.expires_at > now() AND m.id >= $6 AND m.id < $7
    ORDER BY m.next_attempt_at LIMIT t.part
  ) q
), deep AS MATERIALIZED (
  SELECT * FROM (
    SELECT phone_number_id, width, priority, client_id, part, count(*) AS taken,
      width - sum(count(*)) OVER (PARTITION BY phone_number_id, priority) AS room
    FROM near GROUP BY phone_number_id, width, priority, client_id, part
  ) n WHERE taken = part AND room > 0
), far AS MATERIALIZED (
  SELECT t.*, q.*, t.part + row_number() OVER (PARTITION BY t.phone_number_id, t.priority, t.client_id ORDER BY q.next_attempt_at) AS turn
  FROM deep t CROSS JOIN LATERAL (
    SELECT m.id, m.next_attempt_at, m.fed_at IS NOT NULL AND m.fed_at >= now() - $5 * interval '1 ms' AS is_fed
    FROM message m
    WHERE m.phone_number_id = t.phone_number_id AND m.priority = t.priority AND m.client_id = t.client_id
      AND m.next_attempt_at IS NOT NULL AND m.next_attempt_at <= now() AND m.expires_at > now() AND m.id >= $6 AND m.id < $7
    ORDER BY m.next_attempt_at LIMIT t.part + t.room
  ) q
  WHERE NOT EXISTS (SELECT FROM near n WHERE n.id = q.id)
), due AS MATERIALIZED (
  SELECT *, row_number() OVER (PARTITION BY phone_number_id, priority ORDER BY turn, next_attempt_at) AS place FROM (
    SELECT phone_number_id, width, priority, id, next_attempt_at, is_fed, turn FROM near
    UNION ALL SELECT phone_number_id, width, priority, id, next_attempt_at, is_fed, turn FROM far
  ) d
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
    AND m.id >= $6 AND m.id < $7 AND m.next_attempt_at <= now() AND (m.fed_at IS NULL OR m.fed_at < now() - $5 * interval '1 ms')
  ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
), u AS (
  UPDATE message m SET fed_at = now() WHERE m.id = ANY(ARRAY(SELECT l.id FROM l)) AND m.id >= $6 AND m.id < $7
  RETURNING m.id, m.fence, m.phone_number_id, m.priority
)
SELECT u.id AS "messageId", u.fence::text, u.phone_number_id AS "phoneNumberId", u.priority
FROM u JOIN chosen c ON c.id = u.id ORDER BY c.line`,
};

/** @returns what was taken, in the order in which it shall be sent */
export function feedDueMessages(
  tx: Tx,
  { lanes, shares, rooms, refeedAfterMs, ids = ALL_IDS }: FeedRound,
): Promise<FedMessage[]> {
  return tx.query<FedMessage>(FEED_DUE_MESSAGES, [
    lanes.map(({ phoneNumberId }) => phoneNumberId),
    lanes.map(({ window }) => window),
    shares,
    rooms,
    refeedAfterMs,
    ids.fromId,
    ids.toId,
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
UPDATE message m SET fed_at = NULL FROM l WHERE m.id = l.id AND m.id = ANY(ARRAY(SELECT id FROM l)) RETURNING m.id`,
};

/** @returns how many messages will be fed again. */
export async function unfeed(tx: Tx, messageIds: string[] | null): Promise<number> {
  return (await tx.query(UNFEED, [messageIds])).length;
}
