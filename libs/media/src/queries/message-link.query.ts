import type { Statement, Tx } from '#persistence';

/** Index: the primary key. */
const FIND_LINKS: Statement = {
  name: 'find-message-links',
  sql: `SELECT encode(link_sha256, 'hex') AS sha256, asset_id AS "assetId" FROM message_link WHERE message_id = $1`,
};

/** The files that links of a message became, by the SHA-256 of the link, hex. */
export async function findLinks(tx: Tx, messageId: string): Promise<Map<string, string>> {
  const rows = await tx.query<{ sha256: string; assetId: string }>(FIND_LINKS, [messageId]);
  return new Map(rows.map(({ sha256, assetId }) => [sha256, assetId]));
}

const KEEP_LINK: Statement = {
  name: 'keep-message-link',
  sql: `
WITH a AS MATERIALIZED (SELECT id FROM media_asset WHERE id = $3::uuid AND state <> 'deleted' FOR SHARE), i AS (
  INSERT INTO message_link (message_id, link_sha256, asset_id) SELECT $1::uuid, decode($2, 'hex'), id FROM a ON CONFLICT DO NOTHING
)
SELECT id FROM a`,
};

/** Notes which file a link became. @returns false when the file was deleted meanwhile */
export async function keepLink(
  tx: Tx,
  { messageId, sha256, assetId }: { messageId: string; sha256: string; assetId: string },
): Promise<boolean> {
  return (await tx.query(KEEP_LINK, [messageId, sha256, assetId])).length > 0;
}
