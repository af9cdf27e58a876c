import type { Statement, Tx } from '#persistence';
import { messageColumns, MESSAGE_ROWS, type NewMessage, STORE_MESSAGES } from '../queries/insert-messages.query.js';

/** What is kept of a bulk request beside its messages, when it has an Idempotency-Key. */
export interface BulkKey {
  clientId: string;
  key: string;
  hash: Buffer;
  /** What is known of its items before the statement runs; the responses of those accepted are added as `accepted`. */
  response: object;
}

/**
 * T0 for one bulk request: all of its messages together, or none. A used clientReference leaves its message out; a used
 * Idempotency-Key fails the statement with 23505, so that nothing of it stays. References come first and in one order, so that
 * two statements cannot wait for each other. $30 … $33 = the key, null for none.
 */
const INSERT_BULK: Statement = {
  name: 'insert-bulk',
  sql: `
WITH ${MESSAGE_ROWS}, f AS (
  INSERT INTO idempotency_key (client_id, key, hash, status, response, message_ids)
  SELECT client_id, 'ref:' || client_reference, sha256(convert_to('ref:' || client_reference, 'UTF8')), 202, full_response, ARRAY[id]
  FROM p WHERE client_reference IS NOT NULL
  ON CONFLICT DO NOTHING RETURNING message_ids[1] AS id
), n AS MATERIALIZED (
  SELECT * FROM p WHERE client_reference IS NULL OR id IN (SELECT id FROM f)
), k AS (
  INSERT INTO idempotency_key (client_id, key, hash, status, response, message_ids)
  SELECT $30::uuid, 'key:' || $31::text, $32::bytea, 202,
    $33::jsonb || jsonb_build_object('accepted', coalesce((SELECT jsonb_object_agg(id, full_response) FROM n), '{}')),
    coalesce((SELECT array_agg(id) FROM n), '{}')
  WHERE $31::text IS NOT NULL
), ${STORE_MESSAGES}
SELECT id, full_response AS response FROM n`,
};

/** @returns the response of each message that was inserted, by id; one that is missing met a used clientReference. */
export async function insertBulk(
  tx: Tx,
  messages: readonly NewMessage[],
  { key, keyWaitMs }: { key: BulkKey | null; keyWaitMs: number },
): Promise<Map<string, Record<string, unknown>>> {
  const rows = await tx.query<{ id: string; response: Record<string, unknown> }>(INSERT_BULK, [
    ...messageColumns(messages, keyWaitMs),
    key?.clientId ?? null,
    key?.key ?? null,
    key?.hash ?? null,
    key && JSON.stringify(key.response),
  ]);
  return new Map(rows.map(({ id, response }) => [id, response]));
}
