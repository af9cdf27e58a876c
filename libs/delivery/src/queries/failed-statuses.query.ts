import type { Statement, Tx } from '#persistence';
import type { SendPlace } from '../domain/hold-policy.js';

/** A `failed` status of one of our messages, and whom it touches. */
export interface FailedStatus {
  code: number;
  /** When the attempt that it is about was made. */
  startedAt: Date;
  place: SendPlace;
}

/** By the ids under which statuses were to be recorded: a status that was known before has another. Primary keys beside it. */
const READ_NEW_FAILURES: Statement = {
  name: 'read-new-failures',
  sql: `
WITH v AS MATERIALIZED (SELECT id, message_id FROM event WHERE id = ANY($1::uuid[]))
SELECT e.code, t.started_at AS "startedAt", k.app_id AS "appId", k.id::text AS "accessTokenId", w.portfolio_id AS "portfolioId", w.id AS "wabaId",
  m.phone_number_id AS "phoneNumberId", m.recipient,
  CASE WHEN m.type = 'template' OR m.uses_fallback
    THEN (CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END #>> '{template,name}') || ':' || (CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END #>> '{template,language,code}') END AS "templateKey"
FROM v
JOIN status_event e ON e.message_id = v.message_id AND e.event_id = v.id AND e.message_id = ANY(ARRAY(SELECT message_id FROM v))
JOIN message m ON m.id = e.message_id AND m.id = ANY(ARRAY(SELECT message_id FROM v))
JOIN attempt t ON t.message_id = e.message_id AND t.no = e.attempt_no AND t.message_id = ANY(ARRAY(SELECT message_id FROM v))
JOIN sender s ON s.phone_number_id = m.phone_number_id
JOIN waba w ON w.id = s.waba_id
JOIN access_token k ON k.id = s.access_token_id
LEFT JOIN message_content c ON c.id = m.id AND c.id = ANY(ARRAY(SELECT message_id FROM v))
WHERE e.status = 'failed'
ORDER BY k.id, w.id, m.phone_number_id, m.recipient, e.code`,
};

/** In an order in which holds may be locked. */
export async function readNewFailures(tx: Tx, eventIds: readonly string[]): Promise<FailedStatus[]> {
  const rows = await tx.query<SendPlace & { code: number; startedAt: Date }>(READ_NEW_FAILURES, [eventIds]);
  return rows.map(({ code, startedAt, ...place }) => ({ code, startedAt, place }));
}
