import type { MetaApi, RecipientKind } from '#graph-api';
import type { Statement, Tx } from '#persistence';
import { HOLDS_OF_MESSAGE } from './holds-of-message.js';

/** A message that a worker owns from now on, for one attempt. */
export interface ClaimedMessage {
  messageId: string;
  clientId: string;
  phoneNumberId: string;
  recipient: string;
  recipientKind: RecipientKind;
  api: MetaApi;
  fence: string;
  attemptNo: number;
  burned: number;
  notSent: number;
  usesFallback: boolean;
  category: string | null;
  categorySource: string | null;
  /** Null when the content was erased. */
  content: Record<string, unknown> | null;
  windowFallback: Record<string, unknown> | null;
  windowPolicy: 'enforce' | 'trust_meta';
  /** upload: its links are fetched and sent as files. */
  mediaMode: string | null;
}

/** A claim that may be made: ids are distinct, `eventIds` goes with them. */
export interface Claim {
  messageIds: string[];
  eventIds: string[];
  leaseOwner: string;
  leaseMs: number;
}

/**
 * T1 for many messages: queued, due, not expired, not held. Locks in id order and skips what another worker locks; the due
 * index is not used, ids come from the job, and stand beside each join, so that only their months are read. Times stand in a CASE: an index of what
 * waits may be small when this is planned, and large when it runs. A row that does not
 * return belongs to somebody else, or is not due.
 */
const CLAIM_DUE_MESSAGES: Statement = {
  name: 'claim-due-messages',
  plan: 'generic',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id FROM message m
  WHERE m.id = ANY($1::uuid[]) AND m.state = 'queued'
    AND NOT EXISTS (SELECT 1 FROM held_lane h WHERE h.phone_number_id = m.phone_number_id)
    AND NOT EXISTS (${HOLDS_OF_MESSAGE})
  ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
), c AS (
  UPDATE message m SET state = 'sending', reason = 'sending', fence = m.fence + 1, attempt_no = m.attempt_no + 1, next_attempt_at = NULL, fed_at = NULL,
    lease_owner = $3, lease_until = now() + $4 * interval '1 ms', updated_at = now()
  FROM l WHERE m.id = l.id AND m.id = ANY($1::uuid[]) AND m.state = 'queued'
    AND CASE WHEN m.next_attempt_at <= now() AND m.expires_at > now() THEN true ELSE false END
  RETURNING m.id, m.client_id, m.phone_number_id, m.recipient, m.fence, m.attempt_no, m.burned, m.not_sent, m.uses_fallback, m.category, m.category_source,
    m.recipient_kind, m.api
), a AS (
  INSERT INTO attempt (message_id, no, fence, state, started_at)
  SELECT id, attempt_no, fence, 'started', clock_timestamp() FROM c
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT v.event_id, c.client_id, 'message.sending', c.id, jsonb_build_object('by', 'worker', 'attempt', c.attempt_no)
  FROM c JOIN unnest($1::uuid[], $2::uuid[]) v(id, event_id) ON v.id = c.id
)
SELECT c.id AS "messageId", c.client_id AS "clientId", c.phone_number_id AS "phoneNumberId", c.recipient, c.recipient_kind AS "recipientKind", c.api, c.fence::text,
  c.attempt_no AS "attemptNo", c.burned, c.not_sent AS "notSent", c.uses_fallback AS "usesFallback", c.category, c.category_source AS "categorySource",
  b.content, b.window_fallback AS "windowFallback", coalesce(b.window_policy, 'enforce') AS "windowPolicy", b.media_mode AS "mediaMode"
FROM c LEFT JOIN message_content b ON b.id = c.id AND b.id = ANY($1::uuid[])`,
};

/** @returns the messages that are now the caller's. */
export function claimDueMessages(
  tx: Tx,
  { messageIds, eventIds, leaseOwner, leaseMs }: Claim,
): Promise<ClaimedMessage[]> {
  return tx.query<ClaimedMessage>(CLAIM_DUE_MESSAGES, [messageIds, eventIds, leaseOwner, leaseMs]);
}
