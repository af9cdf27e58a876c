/** A table, or part of one, that follows from notifications alone: what identifies a row of it, and what must be the same. */
export interface Projection {
  /** As it is reported. */
  name: string;
  table: string;
  /** SQL of the text that identifies a row `t`; `@` stands before tables of the same side. */
  key: string;
  /** SQL of what of the row is compared: nothing that is made up while it is stored, such as ids and times of storing. */
  compared: string[];
  /** SQL that leaves rows out on both sides; `@` stands before tables of the same side, `~` before live ones. */
  only?: string;
}

const key = (...columns: string[]) => `concat_ws(' ', ${columns.map((column) => `t.${column}`).join(', ')})`;
const columns = (list: string) => list.split(' ').map((column) => `t.${column}`);
/** Choices `c` by words that were deleted since: a replay cannot read them. One without a time was made whenever a notification brought it. */
const LOST_WORDS = [
  `~marketing_choice_told c JOIN ~inbound_message i ON i.waba_id = c.waba_id AND i.ts = c.chosen_at`,
  `~marketing_choice_told c JOIN ~inbox b ON date_trunc('second', b.received_at) = c.chosen_at
    JOIN (SELECT wamid, inbox_id FROM ~inbound_copy UNION ALL SELECT wamid, inbox_id FROM ~inbound_message) o ON o.inbox_id = b.id
    JOIN ~inbound_message i ON i.wamid = o.wamid AND i.waba_id = c.waba_id AND coalesce(i.content ->> 'timestamp' NOT SIMILAR TO '[0-9]{1,12}', true)`,
];
const isNoneBy = (condition: string) =>
  LOST_WORDS.map(
    (words) =>
      `NOT EXISTS (SELECT FROM ${words} WHERE c.reason = 'keyword' AND i.deleted_at IS NOT NULL AND ${condition})`,
  ).join(' AND ');

/** Everything that a notification changes for good (delivery protocol §9), in the order in which it is reported. */
export const PROJECTIONS: readonly Projection[] = [
  {
    name: 'status_event',
    table: 'status_event',
    key: key('message_id', 'attempt_no', 'recipient', 'status', 'ts', 'code'),
    compared: columns('rank pricing_category pricing_type pricing_model conversation errors client_id'),
  },
  {
    name: 'message',
    table: 'message',
    key: key('id'),
    compared: columns('wa_rank sent_at delivered_at read_at played_at failed_at wa_error_code deleted_at'),
    // No status can be about a message that no attempt was made of.
    only: 't.attempt_no > 0',
  },
  {
    name: 'orphan_status',
    table: 'orphan_status',
    key: key('wamid', 'recipient', 'status', 'ts', 'code'),
    compared: [`t.item - 'idx'`],
    // Older ones are forgotten.
    only: `t.received_at > now() - interval '29 days'`,
  },
  {
    name: 'inbound_message',
    table: 'inbound_message',
    key: key('wamid'),
    compared: columns(
      'phone_number_id waba_id contact type ts context_wamid target_wamid profile_name content deleted_at has_referral',
    ),
  },
  {
    name: 'inbound_deletion',
    table: 'inbound_deletion',
    key: key('wamid', 'phone_number_id'),
    compared: columns('deleted_at'),
    // A status may tell it of a message that is known as ours only later: that is no contact's.
    only: 'NOT EXISTS (SELECT FROM ~attempt a WHERE a.wamid = t.wamid)',
  },
  {
    name: 'app_message',
    table: 'app_message',
    key: key('wamid'),
    compared: columns('phone_number_id contact is_outbound origin type ts target_wamid status content deleted_at'),
  },
  {
    name: 'inbound_call',
    table: 'inbound_call',
    key: key('id'),
    compared: columns('phone_number_id contact started_at'),
  },
  {
    name: 'window_closing',
    table: 'window_closing',
    key: key('phone_number_id', 'contact', 'closed_at'),
    compared: ['1'],
  },
  {
    name: 'conversation',
    table: 'conversation',
    key: `concat_ws(' ', t.phone_number_id, t.contact_key, t.kind, coalesce(t.meta_id, t.opened_at::text))`,
    compared: columns(
      'category contact opened_at opened_by last_heard_at certain_until extended_count expires_at meta_expires_at',
    ),
  },
  {
    name: 'contact_fact',
    table: 'contact_fact',
    key: key('portfolio_id', 'a_key', 'link', 'a_kind', 'a', 'b_kind', 'b'),
    compared: columns('b_key first_at last_at inbox_id'),
  },
  {
    name: 'contact_alias',
    table: 'contact_alias',
    // Ids of contacts are made up; their keys follow from their identifiers.
    key: `concat_ws(' ', t.portfolio_id, (SELECT c.key FROM @contact c WHERE c.id = t.contact_id), t.kind, t.value, t.held_from)`,
    compared: columns('held_until first_seen_at last_seen_at ended_at inbox_id'),
  },
  {
    name: 'contact',
    table: 'contact',
    key: key('portfolio_id', 'key'),
    compared: ['1'],
    // Those that turned out to be others depend on what was known first.
    only: 't.merged_into IS NULL',
  },
  {
    name: 'marketing_suppression',
    table: 'marketing_suppression',
    key: key('waba_id', 'recipient'),
    compared: columns('reason chosen_at lifted_at refused_at resumed_at choice_at choice wants'),
    // A word that was deleted since cannot be read again; what it said stays, where nothing was chosen after it.
    only: isNoneBy(
      `c.waba_id = t.waba_id AND c.recipient = t.recipient AND c.chosen_at >= coalesce(t.choice_at, '-infinity')`,
    ),
  },
  {
    name: 'marketing_choice_told',
    table: 'marketing_choice_told',
    key: key('waba_id', 'recipient', 'chosen_at', 'reason', 'wants'),
    compared: ['1'],
    only: isNoneBy(
      `c.waba_id = t.waba_id AND c.recipient = t.recipient AND c.chosen_at = t.chosen_at AND c.reason = t.reason`,
    ),
  },
  {
    name: 'account_fact',
    table: 'account_fact',
    key: key('waba_id', 'subject', 'kind', 'known_at', 'value', 'source'),
    compared: columns('seen_at details'),
  },
  { name: 'portfolio_limit', table: 'portfolio_limit', key: key('portfolio_id'), compared: columns('users known_at') },
  {
    name: 'sender',
    table: 'sender',
    key: key('phone_number_id'),
    compared: columns('throughput_limit throughput_known_at'),
  },
  {
    name: 'template',
    table: 'template',
    key: key('waba_id', 'language', 'name'),
    compared: columns('status status_at category category_at quality quality_at'),
  },
];

/** The rows of a projection as `key` and `row`, from the tables of a schema. */
export const projectionRows = (
  { table, key: of, compared, only = 'true' }: Projection,
  schema: string,
  live: string,
): string =>
  `SELECT ${of} AS key, jsonb_build_array(${compared.join(', ')})::text AS row FROM ${schema}.${table} t WHERE ${only}`
    .replaceAll('@', `${schema}.`)
    .replaceAll('~', `${live}.`);

/** What a month's charges came to, adjustments of its tiers included, as `key` and `row`. */
export const chargeTotals = (charges: string, adjustments: string): string => `
SELECT concat_ws(' ', portfolio_id, coalesce(market, '-'), category, month, currency) AS key,
  jsonb_build_array(sum(messages), sum(foreign_messages), sum(amount))::text AS row
FROM (
  SELECT portfolio_id, market, coalesce(category, '-') AS category, month, currency, 1 AS messages, (message_id IS NULL)::int AS foreign_messages, amount_micros AS amount
  FROM ${charges}
  UNION ALL
  SELECT portfolio_id, market, category, month, currency, 0, 0, amount_micros FROM ${adjustments}
) c GROUP BY portfolio_id, market, category, month, currency`;
