import type { Statement, Tx } from '#persistence';
import type { WindowFacts } from '../domain/window-state.js';
import { HINTS, SILENT } from './heard-types.js';

/** One number under which a contact may have written; `n` says whose it is. */
export interface ContactForm {
  n: number;
  phoneNumberId: string;
  contact: string;
}

/** What was heard of a contact. `heardId`: the wamid, or the id of the call, that was heard last. */
export interface HeardFacts extends WindowFacts {
  n: number;
  heardId: string | null;
  /** Until when everything to the contact is free; null unless a free entry point is open. */
  freeEntryPointUntil: Date | null;
}

/** A window is one person's: what somebody wrote in a group opens none. Key: (phone_number_id, contact, ts), newest first. */
const newest = (types: string) => `(
    SELECT i.ts, i.wamid AS id FROM inbound_message i
    WHERE i.phone_number_id = v.phone_number_id AND i.contact = v.contact AND ($4::timestamptz IS NULL OR i.ts <= $4)
      AND i.ts >= v.held_from AND (v.held_until IS NULL OR i.ts < v.held_until) AND i.type ${types} AND i.content ->> 'group_id' IS NULL
    ORDER BY i.ts DESC LIMIT 1)`;

/**
 * We listen to a sender while its webhooks come: not when Meta owes us statuses for more than an hour, and not when our own
 * inbox is more than 5 s behind with what had come. $4: nothing after it counts, and it is then that we listened; null: everything, and now. A contact is looked for under every identifier that
 * it has (the function contact_identifiers), in the time in which each was its own. A conversation stands under the contact's key, or under the
 * identifier while nobody is known by it; index: conversation_of_contact.
 */
const READ_WINDOWS: Statement = {
  name: 'read-windows',
  plan: 'generic',
  sql: `
WITH v AS (
  SELECT DISTINCT q.n, q.phone_number_id, d.contact_key, d.value AS contact, d.held_from, d.held_until
  FROM unnest($1::int[], $2::text[], $3::text[]) q(n, phone_number_id, contact)
  CROSS JOIN LATERAL contact_identifiers(q.phone_number_id, q.contact, coalesce($4, now())) d
), h AS (
  SELECT v.n, x.ts, x.id FROM v CROSS JOIN LATERAL (
    SELECT * FROM ${newest(`NOT IN (${HINTS}, ${SILENT})`)} m
    UNION ALL SELECT * FROM (
      SELECT k.started_at, k.id FROM inbound_call k
      WHERE k.phone_number_id = v.phone_number_id AND k.contact = v.contact AND ($4::timestamptz IS NULL OR k.started_at <= $4)
        AND k.started_at >= v.held_from AND (v.held_until IS NULL OR k.started_at < v.held_until)
      ORDER BY k.started_at DESC LIMIT 1) c) x
)
SELECT v.n, max(h.ts) AS "heardAt", (array_agg(h.id ORDER BY h.ts DESC NULLS LAST))[1] AS "heardId", max(u.ts) AS "hintAt",
  max(w.closed_at) AS "closedByMetaAt",
  CASE WHEN NOT EXISTS (
      SELECT FROM inbox_work b WHERE b.state <> 'dead' AND b.received_at < LEAST(now() - interval '5 s', coalesce($4, now())))
    THEN max(s.since) END AS "listeningSince",
  max(f.expires_at) AS "freeEntryPointUntil"
FROM v
LEFT JOIN h ON h.n = v.n
LEFT JOIN LATERAL ${newest(`IN (${HINTS})`)} u ON true
LEFT JOIN LATERAL (
  SELECT c.closed_at FROM window_closing c
  WHERE c.phone_number_id = v.phone_number_id AND c.contact = v.contact AND ($4::timestamptz IS NULL OR c.closed_at <= $4)
    AND c.closed_at >= v.held_from AND (v.held_until IS NULL OR c.closed_at < v.held_until)
  ORDER BY c.closed_at DESC LIMIT 1) w ON true
LEFT JOIN LATERAL (
  SELECT n.listening_since AS since FROM sender n
  WHERE n.phone_number_id = v.phone_number_id AND ($4::timestamptz IS NULL OR n.listening_since <= $4) AND (n.expecting_since IS NULL
    OR n.expecting_since <= n.last_heard_at OR n.expecting_since > coalesce($4, now()) - interval '1 hour')
  UNION ALL
  SELECT l.since FROM listening_spell l WHERE l.phone_number_id = v.phone_number_id AND l.since <= $4 AND l.until > $4) s ON true
LEFT JOIN conversation f ON f.phone_number_id = v.phone_number_id AND f.contact_key = v.contact_key AND f.kind = 'free_entry_point'
  AND f.opened_at <= coalesce($4, now()) AND f.expires_at > coalesce($4, now())
GROUP BY v.n`,
};

/** @returns what is known of each `n`, in no order */
export function readWindows(tx: Tx, forms: readonly ContactForm[], until: Date | null): Promise<HeardFacts[]> {
  return tx.query<HeardFacts>(READ_WINDOWS, [
    forms.map(({ n }) => n),
    forms.map(({ phoneNumberId }) => phoneNumberId),
    forms.map(({ contact }) => contact),
    until,
  ]);
}
