import type { Statement, Tx } from '#persistence';
import type { DroppedSweep } from './domain/silence.js';

const READ_TTLS: Statement = {
  name: 'read-template-ttls',
  sql: `SELECT DISTINCT ttl_seconds AS ttl FROM template WHERE ttl_seconds IS NOT NULL ORDER BY 1`,
};

/** The times that templates give their messages, each once, s. */
export async function readTtls(tx: Tx): Promise<number[]> {
  return (await tx.query<{ ttl: number }>(READ_TTLS, [])).map(({ ttl }) => ttl);
}

/** A sweep that is new begins where the longest of the usual ones is: what lies before it was looked at for good. */
const READ_MARK: Statement = {
  name: 'read-sweep-mark',
  sql: `
SELECT now() AS now, coalesce(
  (SELECT event_id FROM sweep_mark WHERE name = $1), (SELECT event_id FROM sweep_mark WHERE name = 'presumed_dropped:other')) AS "eventId"`,
};

const markOf = ({ name }: DroppedSweep) => `presumed_dropped:${name}`;

/** The clock of the database, and the last event that the sweep has looked at. */
export async function readMark(tx: Tx, sweep: DroppedSweep): Promise<{ now: Date; eventId: string | null }> {
  const [row] = await tx.query<{ now: Date; eventId: string | null }>(READ_MARK, [markOf(sweep)]);
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
  await tx.query(WRITE_MARK, [markOf(sweep), eventId]);
}

/** A run of events, and the messages among them that Meta took and has told nothing good or bad of. */
export interface SilentRun {
  lastEventId: string | null;
  messageIds: string[];
}

/**
 * Reads events in the order of their ids, which is that of time, each once for each sweep: so no index on messages is needed that
 * every status would have to change. The time of a message is that of the template that went out. Index: the primary keys.
 */
const READ_SILENT: Statement = {
  name: 'read-silent-messages',
  sql: `
WITH w AS MATERIALIZED (SELECT id, type, message_id FROM event WHERE id > $1::uuid AND id < $2::uuid ORDER BY id LIMIT $3),
silent AS MATERIALIZED (
  SELECT DISTINCT m.id, m.phone_number_id, m.uses_fallback, m.type, m.category FROM w JOIN message m ON m.id = w.message_id AND m.id = ANY(ARRAY(SELECT message_id FROM w WHERE type = 'message.accepted'))
  WHERE w.type = 'message.accepted' AND m.state = 'accepted' AND m.wa_rank < 3 AND m.presumed_dropped_at IS NULL
)
SELECT (SELECT id FROM w ORDER BY id DESC LIMIT 1) AS "lastEventId", ARRAY(
  SELECT m.id FROM silent m LEFT JOIN LATERAL (
    SELECT t.ttl_seconds FROM message_content c
    CROSS JOIN LATERAL (SELECT CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END->'template' AS sent) o
    JOIN sender s ON s.phone_number_id = m.phone_number_id
    JOIN template t ON t.waba_id = s.waba_id AND t.name = o.sent->>'name' AND t.language = o.sent->'language'->>'code'
    WHERE c.id = m.id AND (m.uses_fallback OR m.type = 'template')
  ) t ON true
  WHERE CASE
    WHEN t.ttl_seconds IS NOT NULL THEN t.ttl_seconds = ANY($4::int[])
    WHEN m.category = 'authentication' THEN $5
    ELSE $6
  END) AS "messageIds"`,
};

export async function readSilent(
  tx: Tx,
  range: { sweep: DroppedSweep; afterId: string; belowId: string; limit: number },
): Promise<SilentRun> {
  const { sweep, afterId, belowId, limit } = range;
  const [row] = await tx.query<SilentRun>(READ_SILENT, [
    afterId,
    belowId,
    limit,
    sweep.ttls,
    sweep.marksAuthentication,
    sweep.marksOthers,
  ]);
  return row ?? { lastEventId: null, messageIds: [] };
}

/** Only those of which still nothing is known; locks in id order. */
const MARK_DROPPED: Statement = {
  name: 'mark-presumed-dropped',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id, v.event_id FROM unnest($1::uuid[], $2::uuid[]) v(id, event_id) JOIN message m ON m.id = v.id AND m.id = ANY($1::uuid[])
  WHERE m.state = 'accepted' AND m.wa_rank < 3 AND m.presumed_dropped_at IS NULL ORDER BY m.id FOR UPDATE OF m
), u AS (
  UPDATE message m SET presumed_dropped_at = now(), updated_at = now()
  FROM l WHERE m.id = l.id AND m.id = ANY($1::uuid[]) AND m.wa_rank < 3 AND m.presumed_dropped_at IS NULL RETURNING m.id, m.client_id, l.event_id
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT event_id, client_id, 'message.presumed_dropped', id, jsonb_build_object('by', 'sweeper', 'reason', 'presumed_dropped') FROM u
RETURNING id`,
};

/** @returns how many were marked */
export async function markDropped(tx: Tx, messageIds: readonly string[], eventIds: readonly string[]): Promise<number> {
  return (await tx.query(MARK_DROPPED, [messageIds, eventIds])).length;
}
