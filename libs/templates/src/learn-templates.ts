import type { OtherItem } from '#graph-api';
import type { Tx } from '#persistence';
import { factAt } from '#senders';
import { applyTemplateFacts, type TemplateFact } from './queries/write-templates.query.js';

/** Fields of webhooks that tell of templates. */
export const TEMPLATE_FIELDS: ReadonlySet<string> = new Set([
  'message_template_status_update',
  'message_template_quality_update',
  'message_template_components_update',
  'template_category_update',
]);

/** A webhook of one of `TEMPLATE_FIELDS`, and when it came. */
export interface TemplateNotice {
  item: OtherItem;
  receivedAt: Date;
}

/** Events that give the template back, and those that change nothing of whether it may be sent. */
const APPROVED_BY: ReadonlySet<string> = new Set(['APPROVED', 'REINSTATED', 'UNARCHIVED']);
const NO_STATUS: ReadonlySet<string> = new Set(['FLAGGED']);

/** Takes over what Meta tells of templates. Safe to run twice, and in any order. */
export async function learnTemplates(tx: Tx, notices: readonly TemplateNotice[]): Promise<void> {
  await applyTemplateFacts(
    tx,
    notices.flatMap((notice) => readTemplateNotice(notice) ?? []),
  );
}

/** What a webhook says of its template; null when it names none. What Meta only announces is no fact yet. */
export function readTemplateNotice({ item, receivedAt }: TemplateNotice): TemplateFact | null {
  const value = (typeof item.raw === 'object' && item.raw !== null ? item.raw : {}) as Record<string, unknown>;
  const name = textOf(value['message_template_name']);
  const language = textOf(value['message_template_language']);
  if (item.wabaId === null || name === null || language === null) return null;
  const event = textOf(value['event'])?.toUpperCase() ?? null;
  const isImpending = value['correct_category'] !== undefined;
  return {
    wabaId: item.wabaId,
    name,
    language,
    metaId: textOf(value['message_template_id']) ?? '',
    at: factAt(item.time, receivedAt),
    status: event === null || NO_STATUS.has(event) ? null : APPROVED_BY.has(event) ? 'APPROVED' : event,
    category:
      (isImpending
        ? null
        : (textOf(value['new_category']) ?? textOf(value['message_template_category']))
      )?.toUpperCase() ?? null,
    quality: textOf(value['new_quality_score'])?.toUpperCase() ?? null,
    isRewritten: item.field === 'message_template_components_update',
    details: item.raw,
  };
}

/** Ids come as numbers. */
const textOf = (value: unknown): string | null =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : null;
