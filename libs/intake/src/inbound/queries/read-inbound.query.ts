import type { Reader } from '#messages';
import type { Statement, Tx } from '#persistence';
import type { InboundPlace } from '../domain/inbound-cursor.js';
import type { InboundRow } from '../inbound-view.js';

/** A message of ours is named only to the client that sent it ($1). Indexes: attempt_wamid, media_asset_wamid_key, inbound_message_edits. */
const SHOW_PAGE = `
SELECT i.wamid, i.phone_number_id AS sender, i.contact, i.profile_name AS "profileName", i.type, i.content,
  e.wamid AS "editWamid", e.content AS "editContent", e.ts AS "editedAt", f.id AS "mediaId", f.state AS "mediaState", i.context_wamid AS "contextWamid", i.target_wamid AS "targetWamid",
  (SELECT m.id FROM attempt a JOIN message m ON m.id = a.message_id WHERE a.wamid = i.context_wamid AND m.client_id = $1 LIMIT 1) AS "contextMessageId",
  (SELECT m.id FROM attempt a JOIN message m ON m.id = a.message_id WHERE a.wamid = i.target_wamid AND m.client_id = $1 LIMIT 1) AS "targetMessageId",
  i.ts AS "sentAt", i.received_at AS "receivedAt", i.deleted_at AS "deletedAt"
FROM page i
LEFT JOIN LATERAL (
  SELECT e.wamid, e.content, e.ts FROM inbound_message e
  WHERE e.target_wamid = i.wamid AND e.type = 'edit' AND e.phone_number_id = i.phone_number_id AND e.deleted_at IS NULL
  ORDER BY e.ts DESC, e.wamid DESC LIMIT 1) e ON true
LEFT JOIN media_asset f ON f.wamid = i.wamid AND f.state <> 'deleted'
ORDER BY i.ts DESC, i.wamid DESC`;

/** Index: the primary key. */
const FIND_INBOUND: Statement = {
  name: 'find-inbound-message',
  sql: `
WITH page AS (
  SELECT * FROM inbound_message WHERE wamid = $2 AND ($3::text[] IS NULL OR phone_number_id = ANY ($3))
) ${SHOW_PAGE}`,
};

/**
 * A page of each sender, then the first of all of them: each is read backwards in inbound_message_list, or in
 * (phone_number_id, contact, ts) where a contact narrows it, under each of its identifiers in the time in which that was its own.
 */
const LIST_INBOUND: Statement = {
  name: 'list-inbound-messages',
  sql: `
WITH page AS (
  SELECT i.* FROM sender s
  LEFT JOIN LATERAL (
    SELECT array_agg(d.value) AS contacts, array_agg(d.held_from) AS since, array_agg(d.held_until) AS until
    FROM unnest($4::text[]) v(identifier) CROSS JOIN LATERAL contact_identifiers(s.phone_number_id, v.identifier, now()) d) d ON true
  CROSS JOIN LATERAL (
    SELECT * FROM inbound_message i
    WHERE i.phone_number_id = s.phone_number_id
      AND ($4::text[] IS NULL OR (i.contact = ANY (d.contacts) AND EXISTS (
        SELECT FROM unnest(d.contacts, d.since, d.until) h(contact, since, until)
        WHERE h.contact = i.contact AND i.ts >= h.since AND (h.until IS NULL OR i.ts < h.until))))
      AND ($5::timestamptz IS NULL OR i.ts >= $5)
      AND ($6::timestamptz IS NULL OR i.ts < $6)
      AND ($7::timestamptz IS NULL OR (i.ts, i.wamid) < ($7, $8))
    ORDER BY i.ts DESC, i.wamid DESC LIMIT $9) i
  WHERE ($2::text IS NULL OR s.phone_number_id = $2) AND ($3::text[] IS NULL OR s.phone_number_id = ANY ($3))
  ORDER BY i.ts DESC, i.wamid DESC LIMIT $9
) ${SHOW_PAGE}`,
};

/** Which messages of contacts to list; what is null does not narrow. */
export interface InboundSelection {
  sender: string | null;
  /** Every number under which the contact may have written. */
  contacts: readonly string[] | null;
  sentAfter: Date | null;
  sentBefore: Date | null;
  before: InboundPlace | null;
  limit: number;
}

const sendersOf = ({ senders }: Reader) => (senders === 'all' ? null : senders);

/** The message of a wamid, if it came to a sender that the reader may see. */
export async function findInbound(tx: Tx, reader: Reader, wamid: string): Promise<InboundRow | null> {
  const [row] = await tx.query<InboundRow>(FIND_INBOUND, [reader.clientId, wamid, sendersOf(reader)]);
  return row ?? null;
}

/** Messages of contacts to the senders that the reader may see, newest first. */
export function listInbound(tx: Tx, reader: Reader, selection: InboundSelection): Promise<InboundRow[]> {
  const { sender, contacts, sentAfter, sentBefore, before, limit } = selection;
  return tx.query<InboundRow>(LIST_INBOUND, [
    reader.clientId,
    sender,
    sendersOf(reader),
    contacts,
    sentAfter,
    sentBefore,
    before?.sentAt ?? null,
    before?.wamid ?? null,
    limit,
  ]);
}
