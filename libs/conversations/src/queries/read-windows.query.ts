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
 * inbox is more than 5 s behind. $4: nothing after it counts; null: everything. A contact is looked for under every identifier that
 * it has (the function contact_identifiers), in the time in which each was its own. A conversation stands under the contact's key, or under the
 * identifier while nobody is known by it; index: conversation_of_contact.
 */
const READ_WINDOWS: Statement = {
  name: 'read-windows',
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
  CASE WHEN bool_and(s.expecting_since IS NULL OR s.expecting_since <= s.last_heard_at OR s.expecting_since > now() - interval '1 hour')
      AND NOT EXISTS (SELECT FROM inbox_work b WHERE b.state <> 'dead' AND b.received_at < now() - interval '5 s')
    THEN max(s.listening_since) END AS "listeningSince",
  max(f.expires_at) AS "freeEntryPointUntil"
FROM v
LEFT JOIN h ON h.n = v.n
LEFT JOIN LATERAL ${newest(`IN (${HINTS})`)} u ON true
LEFT JOIN window_closing w ON w.phone_number_id = v.phone_number_id AND w.contact = v.contact AND ($4::timestamptz IS NULL OR w.closed_at <= $4)
  AND w.closed_at >= v.held_from AND (v.held_until IS NULL OR w.closed_at < v.held_until)
LEFT JOIN sender s ON s.phone_number_id = v.phone_number_id
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
