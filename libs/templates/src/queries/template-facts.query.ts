import type { Statement, Tx } from '#persistence';
import { keepReadFacts, keepToldFacts } from '#senders';

/** The name of a template. */
export interface TemplateName {
  wabaId: string;
  name: string;
  language: string;
}

/** What Meta said of a template, and when; null: nothing of that. */
export interface TemplateFacts extends TemplateName {
  at: Date;
  status: string | null;
  category: string | null;
  quality: string | null;
  details?: unknown;
}

/** Of two statuses that are told in one second the later one here counts: the one that lets less be sent. */
const CAUTION = [
  'APPROVED',
  'PENDING',
  'IN_APPEAL',
  'LIMIT_EXCEEDED',
  'PAUSED',
  'LOCKED',
  'ARCHIVED',
  'REJECTED',
  'DISABLED',
  'PENDING_DELETION',
  'DELETED',
];

/**
 * Status, category and quality of templates, from their facts: what was known last. `status_at` is when it was first told of the
 * status that holds. Uses the primary keys. $4: how statuses of one second are told apart.
 */
const DERIVE_TEMPLATES: Statement = {
  name: 'derive-templates',
  sql: `
WITH v AS (
  SELECT DISTINCT waba_id, name, language, 'template:' || language || ':' || name AS subject FROM unnest($1::text[], $2::text[], $3::text[]) v(waba_id, name, language)
), f AS (
  SELECT DISTINCT ON (v.waba_id, v.subject, f.kind) v.waba_id, v.name, v.language, f.kind, f.value, f.seen_at, (
    SELECT min(g.known_at) FROM account_fact g
    WHERE g.waba_id = f.waba_id AND g.subject = f.subject AND g.kind = f.kind AND g.value = f.value
      AND g.known_at > coalesce((SELECT max(b.known_at) FROM account_fact b
        WHERE b.waba_id = f.waba_id AND b.subject = f.subject AND b.kind = f.kind AND b.value <> f.value AND b.known_at < f.known_at), '-infinity')) AS since
  FROM v JOIN account_fact f ON f.waba_id = v.waba_id AND f.subject = v.subject
  ORDER BY v.waba_id, v.subject, f.kind, f.seen_at DESC, array_position($4::text[], f.value) DESC NULLS FIRST, f.value
), t AS (
  SELECT waba_id, name, language,
    max(value) FILTER (WHERE kind = 'status') AS status, max(since) FILTER (WHERE kind = 'status') AS status_at,
    max(value) FILTER (WHERE kind = 'category') AS category, max(seen_at) FILTER (WHERE kind = 'category') AS category_at,
    max(value) FILTER (WHERE kind = 'quality') AS quality, max(seen_at) FILTER (WHERE kind = 'quality') AS quality_at
  FROM f GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
)
UPDATE template x SET status = coalesce(t.status, x.status), status_at = coalesce(t.status_at, x.status_at),
  category = coalesce(t.category, x.category), category_at = coalesce(t.category_at, x.category_at),
  quality = coalesce(t.quality, x.quality), quality_at = coalesce(t.quality_at, x.quality_at)
FROM t WHERE x.waba_id = t.waba_id AND x.name = t.name AND x.language = t.language`,
};

/** Keeps what webhooks told, or what was read, of templates that are stored, and makes them what follows from all that is known. */
export async function keepTemplateFacts(
  tx: Tx,
  templates: readonly TemplateFacts[],
  source: 'webhook' | 'read',
): Promise<void> {
  if (templates.length === 0) return;
  const facts = templates.flatMap(({ wabaId, name, language, at, status, category, quality, details }) =>
    Object.entries({ status, category, quality }).flatMap(([kind, value]) =>
      value === null ? [] : [{ wabaId, subject: `template:${language}:${name}`, kind, value, at, details }],
    ),
  );
  await (source === 'read' ? keepReadFacts(tx, facts) : keepToldFacts(tx, facts));
  await deriveTemplates(tx, templates);
}

/** Makes stored templates what follows from their facts. */
export async function deriveTemplates(tx: Tx, templates: readonly TemplateName[]): Promise<void> {
  if (templates.length === 0) return;
  await tx.query(DERIVE_TEMPLATES, [
    templates.map(({ wabaId }) => wabaId),
    templates.map(({ name }) => name),
    templates.map(({ language }) => language),
    CAUTION,
  ]);
}
