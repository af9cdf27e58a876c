import type { Statement, Tx } from '#persistence';

/** Which messages a sweep is about: how long Meta tries to deliver depends on the category. */
export type DroppedSweep = 'authentication' | 'other';

const READ_MARK: Statement = {
  name: 'read-sweep-mark',
  sql: `SELECT now() AS now, (SELECT event_id FROM sweep_mark WHERE name = $1) AS "eventId"`,
};

/** The clock of the database, and the last event that the sweep has looked at. */
export async function readMark(tx: Tx, sweep: DroppedSweep): Promise<{ now: Date; eventId: string | null }> {
  const [row] = await tx.query<{ now: Date; eventId: string | null }>(READ_MARK, [`presumed_dropped:${sweep}`]);
  return row ?? { now: new Date(0), eventId: null };
}

/** Two sweeps at once look at some events twice; a mark never goes back. */
const WRITE_MARK: Statement = {
  name: 'write-sweep-mark',
  sql: `
INSERT INTO sweep_mark AS s (name, event_id) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET event_id = CASE WHEN s.event_id < excluded.event_id THEN excluded.event_id ELSE s.event_id END`,
};

export async function writeMark(tx: Tx, sweep: DroppedSweep, eventId: string): Promise<void> {
  await tx.query(WRITE_MARK, [`presumed_dropped:${sweep}`, eventId]);
}

/** A run of events, and the messages among them that Meta took and has told nothing good or bad of. */
export interface SilentRun {
  lastEventId: string | null;
  messageIds: string[];
}

/**
 * Reads events in the order of their ids, which is that of time, each once in its life: so no index on messages is needed that
 * every status would have to change. Index: the primary keys.
 */
const READ_SILENT: Statement = {
  name: 'read-silent-messages',
  sql: `
WITH w AS MATERIALIZED (SELECT id, type, message_id FROM event WHERE id > $1::uuid AND id < $2::uuid ORDER BY id LIMIT $4)
SELECT (SELECT id FROM w ORDER BY id DESC LIMIT 1) AS "lastEventId", ARRAY(
  SELECT DISTINCT m.id FROM w JOIN message m ON m.id = w.message_id
  WHERE w.type = 'message.accepted' AND m.state = 'accepted' AND m.wa_rank < 3 AND m.presumed_dropped_at IS NULL
    AND (coalesce(m.category, '') = 'authentication') = $3) AS "messageIds"`,
};

export async function readSilent(
  tx: Tx,
  range: { sweep: DroppedSweep; afterId: string; belowId: string; limit: number },
): Promise<SilentRun> {
  const { sweep, afterId, belowId, limit } = range;
  const [row] = await tx.query<SilentRun>(READ_SILENT, [afterId, belowId, sweep === 'authentication', limit]);
  return row ?? { lastEventId: null, messageIds: [] };
}

/** Only those of which still nothing is known; locks in id order. */
const MARK_DROPPED: Statement = {
  name: 'mark-presumed-dropped',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id, v.event_id FROM unnest($1::uuid[], $2::uuid[]) v(id, event_id) JOIN message m ON m.id = v.id
  WHERE m.state = 'accepted' AND m.wa_rank < 3 AND m.presumed_dropped_at IS NULL ORDER BY m.id FOR UPDATE OF m
), u AS (
  UPDATE message m SET presumed_dropped_at = now(), updated_at = now()
  FROM l WHERE m.id = l.id AND m.wa_rank < 3 AND m.presumed_dropped_at IS NULL RETURNING m.id, m.client_id, l.event_id
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT event_id, client_id, 'message.presumed_dropped', id, jsonb_build_object('by', 'sweeper', 'reason', 'presumed_dropped') FROM u
RETURNING id`,
};

/** @returns how many were marked */
export async function markDropped(tx: Tx, messageIds: readonly string[], eventIds: readonly string[]): Promise<number> {
  return (await tx.query(MARK_DROPPED, [messageIds, eventIds])).length;
}
