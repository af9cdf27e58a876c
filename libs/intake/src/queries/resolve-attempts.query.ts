import type { RecipientKind } from '#graph-api';
import { monthBounds, type Statement, type Tx } from '#persistence';

/** An attempt of ours that a status names, by our opaque id or by a wamid we stored. */
export interface NamedAttempt {
  messageId: string;
  attemptNo: number;
  /** As stored; null while its answer has not come. */
  wamid: string | null;
  /** Whom its message was written to, and as what. */
  recipient: string;
  recipientKind: RecipientKind;
}

/**
 * By primary key, in the months $4 to $5 of the ids. A wamid is looked for in the index of every month, and its message then in one.
 * Index: attempt_wamid.
 */
const RESOLVE_ATTEMPTS: Statement = {
  name: 'resolve-attempts',
  sql: `
SELECT t.message_id AS "messageId", t.no AS "attemptNo", t.wamid, m.recipient, m.recipient_kind AS "recipientKind"
FROM (SELECT DISTINCT message_id, no FROM unnest($1::uuid[], $2::smallint[]) v(message_id, no)) v
CROSS JOIN LATERAL (SELECT * FROM attempt t WHERE t.message_id = v.message_id AND t.no = v.no AND t.message_id BETWEEN $4 AND $5 LIMIT 1) t
CROSS JOIN LATERAL (SELECT m.recipient, m.recipient_kind FROM message m WHERE m.id = v.message_id AND m.id BETWEEN $4 AND $5 LIMIT 1) m
UNION
SELECT t.message_id, t.no, t.wamid, m.recipient, m.recipient_kind
FROM attempt t CROSS JOIN LATERAL (SELECT m.recipient, m.recipient_kind FROM message m WHERE m.id = t.message_id LIMIT 1) m
WHERE t.wamid = ANY($3::text[]) AND cardinality($3::text[]) > 0`,
};

/** The attempts that exist among those named. */
export function resolveAttempts(
  tx: Tx,
  names: { messageId: string; attemptNo: number }[],
  wamids: string[],
): Promise<NamedAttempt[]> {
  return tx.query<NamedAttempt>(RESOLVE_ATTEMPTS, [
    names.map(({ messageId }) => messageId),
    names.map(({ attemptNo }) => attemptNo),
    wamids,
    ...monthBounds(names.map(({ messageId }) => messageId)),
  ]);
}

const KNOWN_SENDERS: Statement = {
  name: 'known-senders',
  sql: `SELECT phone_number_id AS "phoneNumberId", waba_id AS "wabaId" FROM sender WHERE phone_number_id = ANY($1::text[])`,
};

/** The senders of ours among these, with the WABA each belongs to. */
export function knownSenders(tx: Tx, phoneNumberIds: string[]): Promise<{ phoneNumberId: string; wabaId: string }[]> {
  return tx.query(KNOWN_SENDERS, [phoneNumberIds]);
}

const KNOWN_ACCOUNTS: Statement = {
  name: 'known-accounts',
  sql: `SELECT id FROM waba WHERE id = ANY($1::text[])`,
};

/** The accounts of ours among these. */
export async function knownAccounts(tx: Tx, wabaIds: string[]): Promise<string[]> {
  return (await tx.query<{ id: string }>(KNOWN_ACCOUNTS, [wabaIds])).map(({ id }) => id);
}
