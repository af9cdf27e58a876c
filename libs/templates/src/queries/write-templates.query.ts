import type { GraphTemplate } from '#graph-api';
import type { Statement, Tx } from '#persistence';

/**
 * Stores what Meta listed. What a webhook told later than the list was asked for stays. $2 = when it was asked for.
 */
const STORE_TEMPLATES: Statement = {
  name: 'store-templates',
  sql: `
INSERT INTO template AS t (waba_id, name, language, meta_id, category, category_at, status, status_at, quality, quality_at, rejected_reason, parameter_format, components, ttl_seconds, synced_at)
SELECT $1, v.name, v.language, v.meta_id, v.category, $2, v.status, $2, v.quality, $2, v.rejected_reason, v.parameter_format, v.components, v.ttl_seconds, now()
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::jsonb[], $12::int[])
  v(name, language, meta_id, category, status, quality, rejected_reason, parameter_format, components, ttl_seconds)
ORDER BY v.name, v.language
ON CONFLICT (waba_id, name, language) DO UPDATE SET
  meta_id = excluded.meta_id, rejected_reason = excluded.rejected_reason, parameter_format = excluded.parameter_format,
  components = excluded.components, ttl_seconds = excluded.ttl_seconds, synced_at = now(),
  category = CASE WHEN t.category_at <= excluded.category_at THEN excluded.category ELSE t.category END,
  category_at = GREATEST(t.category_at, excluded.category_at),
  status_at = CASE WHEN t.status_at <= excluded.status_at AND t.status <> excluded.status THEN excluded.status_at ELSE t.status_at END,
  status = CASE WHEN t.status_at <= excluded.status_at THEN excluded.status ELSE t.status END,
  quality = CASE WHEN t.quality_at <= excluded.quality_at THEN excluded.quality ELSE t.quality END,
  quality_at = GREATEST(t.quality_at, excluded.quality_at)`,
};

/** What was there and was not listed any more is deleted. $3 = the one name that was asked for; null: all. */
const MARK_DELETED: Statement = {
  name: 'mark-templates-deleted',
  sql: `
UPDATE template t SET status = 'DELETED', status_at = $2
WHERE t.waba_id = $1 AND t.status <> 'DELETED' AND t.status_at <= $2 AND ($3::text IS NULL OR t.name = $3)
  AND NOT EXISTS (SELECT 1 FROM unnest($4::text[], $5::text[]) v(name, language) WHERE v.name = t.name AND v.language = t.language)`,
};

/** A list of Meta's: all templates of a WABA, or those of one name. */
export interface TemplateList {
  wabaId: string;
  name: string | null;
  askedAt: Date;
  templates: readonly GraphTemplate[];
}

/** Makes the stored templates what Meta listed. */
export async function storeTemplates(tx: Tx, { wabaId, name, askedAt, templates }: TemplateList): Promise<void> {
  const column = <T>(read: (template: GraphTemplate) => T) => templates.map(read);
  const names = column((template) => template.name);
  const languages = column(({ language }) => language);
  await tx.query(STORE_TEMPLATES, [
    wabaId,
    askedAt,
    names,
    languages,
    column(({ id }) => id),
    column(({ category }) => category),
    column(({ status }) => status),
    column(({ quality }) => quality),
    column(({ rejectedReason }) => rejectedReason),
    column(({ parameterFormat }) => parameterFormat),
    column(({ components }) => JSON.stringify(components)),
    column(({ ttlSeconds }) => ttlSeconds),
  ]);
  await tx.query(MARK_DELETED, [wabaId, askedAt, name, names, languages]);
}

/** What a webhook tells of a template; null: nothing of that. */
export interface TemplateFact {
  wabaId: string;
  name: string;
  language: string;
  metaId: string;
  at: Date;
  status: string | null;
  category: string | null;
  quality: string | null;
  /** Its components are others now, and have to be read. */
  isRewritten: boolean;
}

/** One fact after the other for a template: $1 … are in the order in which they hold. Of WABAs that no sender has nothing is kept. */
const APPLY_FACT: Statement = {
  name: 'apply-template-fact',
  sql: `
INSERT INTO template AS t (waba_id, name, language, meta_id, category, category_at, status, status_at, quality, quality_at, parameter_format)
SELECT w.id, $2, $3, $4, coalesce($7, 'UTILITY'), CASE WHEN $7::text IS NULL THEN 'epoch' ELSE $5::timestamptz END, coalesce($6, 'PENDING'),
  CASE WHEN $6::text IS NULL THEN 'epoch' ELSE $5::timestamptz END, $8, $5, 'POSITIONAL'
FROM waba w WHERE w.id = $1
ON CONFLICT (waba_id, name, language) DO UPDATE SET
  status_at = CASE WHEN $6::text IS NOT NULL AND t.status_at <= $5 AND t.status <> $6 THEN $5 ELSE t.status_at END,
  status = CASE WHEN $6::text IS NOT NULL AND t.status_at <= $5 THEN $6 ELSE t.status END,
  category = CASE WHEN $7::text IS NOT NULL AND t.category_at <= $5 THEN $7 ELSE t.category END,
  category_at = CASE WHEN $7::text IS NOT NULL AND t.category_at <= $5 THEN $5 ELSE t.category_at END,
  quality = CASE WHEN $8::text IS NOT NULL AND t.quality_at <= $5 THEN $8 ELSE t.quality END,
  quality_at = CASE WHEN $8::text IS NOT NULL AND t.quality_at <= $5 THEN $5 ELSE t.quality_at END,
  components = CASE WHEN $9 THEN NULL ELSE t.components END`,
};

/** Takes over what webhooks told, by template, so that two writers meet in one order. */
export async function applyTemplateFacts(tx: Tx, facts: readonly TemplateFact[]): Promise<void> {
  const keyOf = ({ wabaId, name, language }: TemplateFact) => `${wabaId} ${name} ${language}`;
  const ordered = [...facts].sort((a, b) =>
    keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a.at.getTime() - b.at.getTime(),
  );
  for (const { wabaId, name, language, metaId, at, status, category, quality, isRewritten } of ordered)
    await tx.query(APPLY_FACT, [wabaId, name, language, metaId, at, status, category, quality, isRewritten]);
}

/** Lets messages of an older category go out under the one that the template has now. */
const ACCEPT_CATEGORY: Statement = {
  name: 'accept-template-category',
  sql: `UPDATE template SET accepted_category = category WHERE waba_id = $1 AND name = $2 AND language = $3`,
};

export async function acceptTemplateCategory(tx: Tx, wabaId: string, name: string, language: string): Promise<void> {
  await tx.query(ACCEPT_CATEGORY, [wabaId, name, language]);
}
