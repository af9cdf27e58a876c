import type { Statement, Tx } from '#persistence';
import { contactForms } from '../domain/contact-forms.js';
import { ENDS_REFUSAL, type MarketingChoice, REFUSALS } from '../domain/marketing-choice.js';

/** The newest choice, of two in one moment the one to stop. */
const NEWEST = `ORDER BY r.chosen_at DESC, r.wants_marketing, r.reason`;
const newest = (column: string) => `(array_agg(${column} ${NEWEST}) FILTER (WHERE r.reason <> ALL ($6::text[])))[1]`;
const IS_NEWER = `(x.choice_at IS NULL OR excluded.choice_at > x.choice_at
    OR (excluded.choice_at = x.choice_at AND (excluded.wants, excluded.choice) < (x.wants, x.choice)))`;
const keepNewer = (column: string) =>
  `${column} = CASE WHEN ${IS_NEWER} THEN coalesce(excluded.${column}, x.${column}) ELSE x.${column} END`;

/**
 * Every choice as it was told; and one row an account and identifier, with all that decides: when Meta refused last ($6), when one of $7 ended that, and the newest
 * choice. Each is the greatest of its kind, so that order does not matter. Unique keys: account and identifier first; locks in that order.
 */
const KEEP_CHOICES: Statement = {
  name: 'keep-marketing-choices',
  sql: `
WITH r AS MATERIALIZED (
  SELECT s.waba_id, r.* FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[]) r(phone_number_id, recipient, reason, wants_marketing, chosen_at)
  JOIN sender s ON s.phone_number_id = r.phone_number_id
), t AS (
  INSERT INTO marketing_choice_told (waba_id, recipient, chosen_at, reason, wants)
  SELECT DISTINCT waba_id, recipient, chosen_at, reason, wants_marketing FROM r ORDER BY 1, 2, 3, 4, 5 ON CONFLICT DO NOTHING
)
INSERT INTO marketing_suppression AS x (waba_id, recipient, reason, chosen_at, refused_at, resumed_at, choice_at, choice, wants)
SELECT r.waba_id, r.recipient, min(r.reason), max(r.chosen_at),
  max(r.chosen_at) FILTER (WHERE r.reason = ANY ($6::text[])),
  max(r.chosen_at) FILTER (WHERE r.reason = ANY ($7::text[]) AND r.wants_marketing),
  ${newest('r.chosen_at')}, ${newest('r.reason')}, ${newest('r.wants_marketing')}
FROM r GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (waba_id, recipient) DO UPDATE
SET refused_at = GREATEST(x.refused_at, excluded.refused_at), resumed_at = GREATEST(x.resumed_at, excluded.resumed_at),
  ${['choice_at', 'choice', 'wants'].map(keepNewer).join(', ')}`,
};

/** What counts of a row alone: Meta's refusal stands whatever is chosen, until one that ends it; else the newest choice. */
const DECIDE_CHOICES: Statement = {
  name: 'decide-marketing-choices',
  sql: `
UPDATE marketing_suppression x SET reason = d.reason, chosen_at = d.chosen_at, lifted_at = d.lifted_at
FROM (
  SELECT m.waba_id, m.recipient,
    CASE WHEN f.refused THEN $3 ELSE m.choice END AS reason,
    CASE WHEN f.refused THEN m.refused_at ELSE m.choice_at END AS chosen_at,
    CASE WHEN NOT f.refused AND m.wants THEN m.choice_at END AS lifted_at
  FROM (SELECT DISTINCT s.waba_id, r.recipient FROM unnest($1::text[], $2::text[]) r(phone_number_id, recipient) JOIN sender s USING (phone_number_id)) v
  JOIN marketing_suppression m ON m.waba_id = v.waba_id AND m.recipient = v.recipient
  CROSS JOIN LATERAL (SELECT m.refused_at IS NOT NULL AND coalesce(m.resumed_at <= m.refused_at, true) AS refused) f
) d
WHERE x.waba_id = d.waba_id AND x.recipient = d.recipient
  AND (x.reason, x.chosen_at, x.lifted_at) IS DISTINCT FROM (d.reason, d.chosen_at, d.lifted_at)`,
};

/**
 * From now on these contacts get marketing from the accounts of these senders, or none. A choice is kept under the identifiers by which it
 * was made; the function marketing_choice reads what that means for a contact. Choices may come in any order. Safe to run twice.
 */
export async function chooseMarketing(tx: Tx, choices: readonly MarketingChoice[]): Promise<void> {
  const rows = choices.flatMap((choice) =>
    [...new Set(choice.contacts.flatMap(contactForms))].map((recipient) => ({ ...choice, recipient })),
  );
  if (rows.length === 0) return;
  const senders = rows.map(({ phoneNumberId }) => phoneNumberId);
  const recipients = rows.map(({ recipient }) => recipient);
  await tx.query(KEEP_CHOICES, [
    senders,
    recipients,
    rows.map(({ reason }) => reason),
    rows.map(({ wantsMarketing }) => wantsMarketing),
    rows.map(({ chosenAt }) => chosenAt),
    REFUSALS,
    ENDS_REFUSAL,
  ]);
  await tx.query(DECIDE_CHOICES, [senders, recipients, REFUSALS[0]]);
}
