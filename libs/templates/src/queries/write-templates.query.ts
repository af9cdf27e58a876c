import type { GraphTemplate } from '#graph-api';
import type { Statement, Tx } from '#persistence';
import { keepTemplateFacts, type TemplateFacts } from './template-facts.query.js';

/** Stores what Meta listed, as it is; of one that is known status, category and quality follow from its facts. $2 = when it was asked for. */
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
  components = excluded.components, ttl_seconds = excluded.ttl_seconds, synced_at = now()`,
};

/** What is there and was not listed any more is deleted. $2 = the one name that was asked for; null: all. */
const FIND_UNLISTED: Statement = {
  name: 'find-unlisted-templates',
  sql: `
SELECT t.name, t.language FROM template t
WHERE t.waba_id = $1 AND t.status <> 'DELETED' AND ($2::text IS NULL OR t.name = $2)
  AND NOT EXISTS (SELECT 1 FROM unnest($3::text[], $4::text[]) v(name, language) WHERE v.name = t.name AND v.language = t.language)
ORDER BY 1, 2`,
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
  const unlisted = await tx.query<{ name: string; language: string }>(FIND_UNLISTED, [wabaId, name, names, languages]);
  await keepTemplateFacts(
    tx,
    [
      ...templates.map(({ status, category, quality, ...named }) => ({ ...named, status, category, quality })),
      ...unlisted.map((named) => ({ ...named, status: 'DELETED', category: null, quality: null })),
    ].map((facts) => ({ ...facts, wabaId, at: askedAt })),
    'read',
  );
}

/** What a webhook tells of a template. */
export interface TemplateFact extends TemplateFacts {
  metaId: string;
  /** Its components are others now, and have to be read. */
  isRewritten: boolean;
}

/** Templates that webhooks tell of before they were read: to be read soon. Of WABAs that no sender has nothing is kept. */
const NAME_TEMPLATES: Statement = {
  name: 'name-templates',
  sql: `
INSERT INTO template (waba_id, name, language, meta_id, category, category_at, status, status_at, quality_at, parameter_format)
SELECT DISTINCT ON (w.id, v.name, v.language) w.id, v.name, v.language, v.meta_id, 'UTILITY', 'epoch', 'PENDING', 'epoch', 'epoch', 'POSITIONAL'
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) v(waba_id, name, language, meta_id) JOIN waba w ON w.id = v.waba_id
ORDER BY 1, 2, 3, 4 DESC
ON CONFLICT (waba_id, name, language) DO NOTHING`,
};

const FORGET_COMPONENTS: Statement = {
  name: 'forget-template-components',
  sql: `
UPDATE template t SET components = NULL FROM unnest($1::text[], $2::text[], $3::text[]) v(waba_id, name, language)
WHERE t.waba_id = v.waba_id AND t.name = v.name AND t.language = v.language`,
};

/** Takes over what webhooks told, in whatever order. */
export async function applyTemplateFacts(tx: Tx, facts: readonly TemplateFact[]): Promise<void> {
  if (facts.length === 0) return;
  const namesOf = (templates: readonly TemplateFact[]) => [
    templates.map(({ wabaId }) => wabaId),
    templates.map(({ name }) => name),
    templates.map(({ language }) => language),
  ];
  await tx.query(NAME_TEMPLATES, [...namesOf(facts), facts.map(({ metaId }) => metaId)]);
  await keepTemplateFacts(tx, facts, 'webhook');
  const rewritten = facts.filter(({ isRewritten }) => isRewritten);
  if (rewritten.length > 0) await tx.query(FORGET_COMPONENTS, namesOf(rewritten));
}

/** Lets messages of an older category go out under the one that the template has now. */
const ACCEPT_CATEGORY: Statement = {
  name: 'accept-template-category',
  sql: `UPDATE template SET accepted_category = category WHERE waba_id = $1 AND name = $2 AND language = $3`,
};

export async function acceptTemplateCategory(tx: Tx, wabaId: string, name: string, language: string): Promise<void> {
  await tx.query(ACCEPT_CATEGORY, [wabaId, name, language]);
}
