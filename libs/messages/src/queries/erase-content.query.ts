import type { Statement, Tx } from '#persistence';

/** Which template it was is nobody's words: reports and holds go by it. */
const templateOf = (column: string) =>
  `CASE WHEN ${column} ? 'template' THEN jsonb_build_object('type', 'template', 'template',
    jsonb_build_object('name', ${column} #> '{template,name}', 'language', ${column} #> '{template,language}')) END`;

/** The trigger message_content_written_once lets it happen once. */
const ERASE_CONTENT: Statement = {
  name: 'erase-deleted-content',
  sql: `
UPDATE message_content c SET content = ${templateOf('c.content')}, window_fallback = ${templateOf('c.window_fallback')}, erased_at = now()
FROM (SELECT id FROM message WHERE id = ANY($1::uuid[]) AND deleted_at IS NOT NULL ORDER BY id) m
WHERE c.id = m.id AND c.id = ANY($1::uuid[]) AND c.erased_at IS NULL`,
};

/** Erases what those of these messages say that were deleted. Safe to run twice. */
export async function eraseDeletedContent(tx: Tx, messageIds: readonly string[]): Promise<void> {
  await tx.query(ERASE_CONTENT, [messageIds]);
}
