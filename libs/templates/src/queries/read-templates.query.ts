import type { Statement, Tx } from '#persistence';
import type { Json } from '../domain/definition.js';

/** A template as it is stored. Words are Meta's, in capitals. */
export interface StoredTemplate {
  wabaId: string;
  name: string;
  language: string;
  /** Meta's id. */
  id: string;
  category: string;
  status: string;
  quality: string | null;
  rejectedReason: string | null;
  parameterFormat: 'POSITIONAL' | 'NAMED';
  /** Null: it changed, and was not read since. */
  components: Json[] | null;
  ttlSeconds: number | null;
  /** When its definition was read; null: never. */
  syncedAt: Date | null;
}

const COLUMNS = `waba_id AS "wabaId", name, language, meta_id AS id, category, status, quality, rejected_reason AS "rejectedReason",
  parameter_format AS "parameterFormat", components, ttl_seconds AS "ttlSeconds", synced_at AS "syncedAt"`;

/** Index: the primary key. */
const FIND_TEMPLATE: Statement = {
  name: 'find-template',
  sql: `SELECT ${COLUMNS} FROM template WHERE waba_id = $1 AND name = $2 AND language = $3`,
};

export async function findTemplate(
  tx: Tx,
  { wabaId, name, language }: Pick<StoredTemplate, 'wabaId' | 'name' | 'language'>,
): Promise<StoredTemplate | null> {
  const [row] = await tx.query<StoredTemplate>(FIND_TEMPLATE, [wabaId, name, language]);
  return row ?? null;
}

/** Which templates to list; a filter that is null does not narrow. */
export interface TemplateSelection {
  wabaIds: readonly string[];
  id: string | null;
  name: string | null;
  status: string | null;
  category: string | null;
  language: string | null;
}

/** Index: the primary key, by WABA. Deleted ones only when they are asked for. */
const LIST_TEMPLATES: Statement = {
  name: 'list-templates',
  sql: `
SELECT ${COLUMNS} FROM template
WHERE waba_id = ANY($1::text[]) AND ($2::text IS NULL OR meta_id = $2) AND ($3::text IS NULL OR name = $3)
  AND CASE WHEN $4::text IS NULL THEN status <> 'DELETED' ELSE status = $4 END
  AND ($5::text IS NULL OR category = $5) AND ($6::text IS NULL OR language = $6)
ORDER BY waba_id, name, language`,
};

export const listTemplates = (tx: Tx, selection: TemplateSelection): Promise<StoredTemplate[]> => {
  const { wabaIds, id, name, status, category, language } = selection;
  return tx.query(LIST_TEMPLATES, [wabaIds, id, name, status, category, language]);
};

/** What decides at send time whether a template may go out. */
export interface TemplateState {
  messageId: string;
  status: string;
  category: string;
  acceptedCategory: string | null;
}

/** A message that sends a template. */
export interface TemplateUse {
  messageId: string;
  phoneNumberId: string;
  name: string;
  language: string;
}

/** Indexes: the primary keys of sender and template. */
const TEMPLATE_STATES: Statement = {
  name: 'template-states',
  sql: `
SELECT v.id AS "messageId", t.status, t.category, t.accepted_category AS "acceptedCategory"
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) v(id, phone_number_id, name, language)
JOIN sender s ON s.phone_number_id = v.phone_number_id
JOIN template t ON t.waba_id = s.waba_id AND t.name = v.name AND t.language = v.language`,
};

/** The state of the templates that messages send; what is not known has none. */
export const templateStates = (tx: Tx, uses: readonly TemplateUse[]): Promise<TemplateState[]> =>
  tx.query(TEMPLATE_STATES, [
    uses.map(({ messageId }) => messageId),
    uses.map(({ phoneNumberId }) => phoneNumberId),
    uses.map(({ name }) => name),
    uses.map(({ language }) => language),
  ]);
