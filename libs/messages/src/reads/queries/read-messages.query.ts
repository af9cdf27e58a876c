import type { Statement, Tx } from '#persistence';
import { idsCreatedBetween } from '../domain/id-range.js';
import type { MessageRow } from '../message-row.js';

/** What the reads show of the messages that the CTE `page` has chosen, newest first. */
const SHOW_PAGE = `
SELECT m.id, m.phone_number_id AS "phoneNumberId", m.recipient, m.recipient_kind AS "recipientKind", m.country, m.api, m.type, m.category, m.category_source AS "categorySource",
  m.priority, m.policy, m.state, m.reason, m.attempt_no AS "attemptNo", m.next_attempt_at AS "nextAttemptAt",
  m.lease_until AS "leaseUntil", m.expires_at AS "expiresAt", m.error_code AS "errorCode", m.wa_rank AS "waRank",
  m.sent_at AS "sentAt", m.delivered_at AS "deliveredAt", m.read_at AS "readAt", m.played_at AS "playedAt",
  m.failed_at AS "failedAt", m.wa_error_code AS "waErrorCode", m.deleted_at AS "deletedAt",
  m.presumed_dropped_at AS "presumedDroppedAt", m.created_at AS "createdAt", m.updated_at AS "updatedAt",
  CASE WHEN c.erased_at IS NULL THEN c.content END AS content, c.tags, c.client_reference AS "clientReference", c.client_callback_data AS "clientCallbackData", CASE WHEN c.erased_at IS NULL THEN c.window_fallback END AS "windowFallback", c.window_policy AS "windowPolicy", c.media_mode AS "mediaMode", c.recipient_input AS "recipientInput", c.estimate,
  t.wamid, coalesce(t.accepted, 0) AS "acceptedAttempts", t.resolve_after AS "resolveAfter",
  l.http_status AS "lastHttpStatus", l.ended_at AS "lastEndedAt",
  g.charges, y.warnings,
  h.scope AS "holdScope", h.until AS "holdUntil", h.error_code AS "holdErrorCode",
  EXISTS (SELECT 1 FROM lane_breaker b WHERE m.state = 'queued' AND b.phone_number_id = m.phone_number_id) AS "isLaneBroken"
FROM page m
LEFT JOIN message_content c ON c.id = m.id
LEFT JOIN LATERAL (
  SELECT (array_agg(a.wamid ORDER BY a.no DESC) FILTER (WHERE a.wamid IS NOT NULL))[1] AS wamid,
    (count(*) FILTER (WHERE a.wamid IS NOT NULL))::int AS accepted,
    max(a.resolve_after) FILTER (WHERE a.state = 'uncertain') AS resolve_after
  FROM attempt a WHERE a.message_id = m.id
) t ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('wamid', g.wamid, 'mark', g.mark, 'because', g.because, 'category', g.category, 'market', g.market,
    'pricingCategory', g.pricing_category, 'pricingType', g.pricing_type, 'era', g.era, 'chargedAt', g.charged_at, 'day', g.day,
    'tierPosition', g.tier_position::text, 'cardFrom', r.valid_from, 'isOfficial', r.is_official, 'currency', g.currency,
    'rateMicros', g.rate_micros::text, 'amountMicros', g.amount_micros::text) ORDER BY g.charged_at, g.wamid) AS charges
  FROM charge g LEFT JOIN rate_card r ON r.id = g.card_id WHERE g.message_id = m.id
) g ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('ts', e.ts, 'errors', e.errors) ORDER BY e.ts, e.code) AS warnings
  FROM status_event e WHERE e.message_id = m.id AND e.status = 'warning'
) y ON true
LEFT JOIN attempt l ON l.message_id = m.id AND l.no = m.attempt_no
LEFT JOIN sender s ON s.phone_number_id = m.phone_number_id
LEFT JOIN waba w ON w.id = s.waba_id
LEFT JOIN access_token k ON k.id = s.access_token_id
LEFT JOIN LATERAL (
  SELECT scope, until, error_code FROM hold
  WHERE m.state = 'queued' AND (until IS NULL OR until > now()) AND (scope, scope_id) IN (
    ('sender', m.phone_number_id), ('pair', m.phone_number_id || ':' || m.recipient), ('waba', w.id),
    ('portfolio', w.portfolio_id), ('access_token', k.id::text), ('app', k.app_id),
    ('contact_marketing', CASE WHEN m.category = 'marketing' THEN m.recipient END),
    ('template', w.id || ':' || (CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END #>> '{template,name}') || ':' || (CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END #>> '{template,language,code}')))
  ORDER BY until DESC NULLS FIRST LIMIT 1
) h ON true
ORDER BY m.id DESC`;

/** Index: the primary key. */
const FIND_MESSAGE: Statement = {
  name: 'find-message',
  sql: `WITH page AS (SELECT * FROM message WHERE id = $2 AND client_id = $1) ${SHOW_PAGE}`,
};

/**
 * Index: message_list, backwards from the cursor; message_recipient or the primary key where a recipient or a reference
 * narrows it. A filter that is null is planned away, since hot pools plan with the real values.
 */
const LIST_MESSAGES: Statement = {
  name: 'list-messages',
  sql: `
WITH page AS (
  SELECT m.* FROM message m LEFT JOIN message_content c ON c.id = m.id
  WHERE m.client_id = $1
    AND ($2::uuid IS NULL OR m.id < $2)
    AND ($3::text IS NULL OR m.phone_number_id = $3)
    AND ($4::text[] IS NULL OR m.phone_number_id = ANY ($4))
    AND ($5::text IS NULL OR m.recipient = $5)
    AND ($6::text IS NULL OR m.state = $6)
    AND ($7::smallint[] IS NULL OR m.wa_rank = ANY ($7))
    AND ($8::text IS NULL OR m.type = $8)
    AND ($9::text IS NULL OR m.id = (SELECT message_ids[1] FROM idempotency_key WHERE client_id = $1 AND key = 'ref:' || $9))
    AND ($10::text IS NULL OR c.tags @> ARRAY[$10])
    AND ($11::timestamptz IS NULL OR m.created_at >= $11)
    AND ($12::timestamptz IS NULL OR m.created_at < $12)
    AND ($13::uuid IS NULL OR m.id >= $13)
    AND ($14::uuid IS NULL OR m.id < $14)
  ORDER BY m.id DESC LIMIT $15
) ${SHOW_PAGE}`,
};

/** Which messages of a client to list; a filter that is null does not narrow. */
export interface MessageSelection {
  clientId: string;
  beforeId: string | null;
  from: string | null;
  /** Phone number ids that the caller may see; null for all. */
  senders: readonly string[] | null;
  recipient: string | null;
  state: string | null;
  /** Values of wa_rank. */
  ranks: readonly number[] | null;
  type: string | null;
  clientReference: string | null;
  tag: string | null;
  createdAfter: Date | null;
  createdBefore: Date | null;
  limit: number;
}

/** The message of an id, if it is this client's. */
export async function findMessage(tx: Tx, clientId: string, id: string): Promise<MessageRow | null> {
  const [row] = await tx.query<MessageRow>(FIND_MESSAGE, [clientId, id]);
  return row ?? null;
}

/** Messages of a client, newest first. */
export async function listMessages(tx: Tx, selection: MessageSelection): Promise<MessageRow[]> {
  const {
    clientId,
    beforeId,
    from,
    senders,
    recipient,
    state,
    ranks,
    type,
    clientReference,
    tag,
    createdAfter,
    createdBefore,
    limit,
  } = selection;
  const { fromId, belowId } = idsCreatedBetween(createdAfter, createdBefore);
  return tx.query<MessageRow>(LIST_MESSAGES, [
    clientId,
    beforeId,
    from,
    senders,
    recipient,
    state,
    ranks,
    type,
    clientReference,
    tag,
    createdAfter,
    createdBefore,
    fromId,
    belowId,
    limit,
  ]);
}
