import { monthBounds, type Statement, type Tx } from '#persistence';

/**
 * A store of a notification that has begun by now commits within this, or fails: the statement timeout of the processes that
 * store. What is not seen yet may have arrived since.
 */
const STORE_MS = 5_000;

const PUBLISH_INBOX: Statement = {
  name: 'publish-inbox',
  sql: `
INSERT INTO status_channel (app_id, inbox_read_to)
SELECT DISTINCT t.app_id, w.read_to
FROM access_token t, (SELECT LEAST(min(received_at), now() - ${STORE_MS} * interval '1 ms') AS read_to FROM inbox_work WHERE state <> 'dead') w
ORDER BY 1
ON CONFLICT (app_id) DO UPDATE SET inbox_read_to = excluded.inbox_read_to`,
};

/** Publishes how far the inbox is applied, for every app: an own backlog is not absence of evidence. */
export async function publishInbox(tx: Tx): Promise<void> {
  await tx.query(PUBLISH_INBOX, []);
}

/**
 * One row an app. The newest start is put aside until it has settled, and replaced only then: a channel that never rests would
 * otherwise never have heard anything long enough ago. $3 = time to settle, ms; $4 to $5: the months
 * of the messages.
 */
const NOTE_STATUSES: Statement = {
  name: 'note-statuses',
  sql: `
INSERT INTO status_channel AS c (app_id, inbox_read_to, recent_started_at, recent_at)
SELECT k.app_id, '-infinity', max(t.started_at), clock_timestamp()
FROM (SELECT DISTINCT message_id, no FROM unnest($1::uuid[], $2::smallint[]) v(message_id, no)) v
CROSS JOIN LATERAL (SELECT t.started_at FROM attempt t WHERE t.message_id = v.message_id AND t.no = v.no AND t.message_id BETWEEN $4 AND $5 LIMIT 1) t
CROSS JOIN LATERAL (SELECT m.phone_number_id FROM message m WHERE m.id = v.message_id AND m.id BETWEEN $4 AND $5 LIMIT 1) m
JOIN sender s ON s.phone_number_id = m.phone_number_id
JOIN access_token k ON k.id = s.access_token_id
GROUP BY k.app_id ORDER BY 1
ON CONFLICT (app_id) DO UPDATE SET
  settled_started_at = CASE WHEN c.recent_at <= now() - $3 * interval '1 ms' THEN GREATEST(c.settled_started_at, c.recent_started_at) ELSE c.settled_started_at END,
  recent_started_at = CASE WHEN c.recent_at > now() - $3 * interval '1 ms' THEN c.recent_started_at ELSE excluded.recent_started_at END,
  recent_at = CASE WHEN c.recent_at > now() - $3 * interval '1 ms' THEN c.recent_at ELSE excluded.recent_at END`,
};

/** Notes that statuses of these attempts were applied: Meta's channel has come at least so far. After their commit. */
export async function noteStatuses(
  tx: Tx,
  attempts: { messageId: string; attemptNo: number }[],
  settleMs: number,
): Promise<void> {
  await tx.query(NOTE_STATUSES, [
    attempts.map(({ messageId }) => messageId),
    attempts.map(({ attemptNo }) => attemptNo),
    settleMs,
    ...monthBounds(attempts.map(({ messageId }) => messageId)),
  ]);
}
