import type { Statement, Tx } from '#persistence';

/** A name that a client may give once: an Idempotency-Key (`key`) or a clientReference (`ref`). */
export interface KeyName {
  clientId: string;
  kind: 'key' | 'ref';
  name: string;
}

/** What was answered to the request that used a name first. */
export interface StoredResponse {
  hash: Buffer;
  response: Record<string, unknown>;
  messageIds: string[];
}

const READ_KEYS: Statement = {
  name: 'read-idempotency-keys',
  sql: `
SELECT k.client_id AS "clientId", k.key, k.hash, k.response, k.message_ids AS "messageIds"
FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) v(client_id, key)) v
JOIN idempotency_key k ON k.client_id = v.client_id AND k.key = v.key`,
};

/** @returns how to look up the stored response of each of these names; null when it was not used. */
export async function readKeys(tx: Tx, names: readonly KeyName[]): Promise<(name: KeyName) => StoredResponse | null> {
  const rows =
    names.length === 0
      ? []
      : await tx.query<StoredResponse & { clientId: string; key: string }>(READ_KEYS, [
          names.map(({ clientId }) => clientId),
          names.map(keyOf),
        ]);
  const byName = new Map(rows.map((row) => [`${row.clientId} ${row.key}`, row]));
  return (name) => byName.get(`${name.clientId} ${keyOf(name)}`) ?? null;
}

const keyOf = ({ kind, name }: KeyName) => `${kind}:${name}`;
