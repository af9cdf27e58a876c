import type { Database } from '../database.js';

/**
 * What the protocol asks of the database itself: rules that hold whatever a program does. Names of section: delivery protocol.
 * `says` are words that its definition must hold, so that a rule of the same name that says less is found too.
 */
export interface Rule {
  kind: 'constraint' | 'index' | 'trigger' | 'storage';
  table: string;
  name: string;
  says: string[];
  why: string;
}
const rule = (kind: Rule['kind'], table: string, name: string, says: string[], why: string): Rule => ({
  kind,
  table,
  name,
  says,
  why,
});
/** Of a message: dispatch states. */
export const MESSAGE_STATES = [
  'queued',
  'sending',
  'uncertain',
  'accepted',
  'failed',
  'expired',
  'cancelled',
  'unknown',
];
export const ATTEMPT_STATES = [
  'started',
  'accepted',
  'not_sent',
  'throttled',
  'rejected_retryable',
  'rejected_permanent',
  'uncertain',
  'abandoned',
];

export const RULES: Rule[] = [
  rule('constraint', 'sweep_mark', 'sweep_mark_pkey', ['PRIMARY KEY (name)'], '§3: one mark a sweep'),
  rule(
    'trigger',
    'event',
    'event_counted',
    ['AFTER INSERT', 'message.unknown', 'resent_unproven'],
    '§6: what remains is counted',
  ),
  rule('constraint', 'lane_breaker', 'lane_breaker_pkey', ['PRIMARY KEY (phone_number_id)'], '§7: one breaker a lane'),
  rule(
    'constraint',
    'marketing_suppression',
    'marketing_suppression_pkey',
    ['PRIMARY KEY (waba_id, recipient)'],
    '§4: 131050 ends marketing once',
  ),
  rule('constraint', 'message', 'message_pkey', ['PRIMARY KEY (id)'], '§2: one row a message'),
  rule('constraint', 'message', 'message_state_known', MESSAGE_STATES, '§3: eight states, no others'),
  rule(
    'constraint',
    'message',
    'message_due_only_while_queued',
    ['queued', 'next_attempt_at'],
    '§3: due if and only if queued',
  ),
  rule(
    'constraint',
    'message',
    'message_lease_only_while_sending',
    ['sending', 'lease_until', 'lease_owner'],
    '§3: a lease if and only if sending',
  ),
  rule(
    'constraint',
    'message',
    'message_fed_only_while_queued',
    ['fed_at', 'queued'],
    '§8: fed_at is forgotten with the state',
  ),
  rule('constraint', 'message', 'message_policy_known', ['at_most_once', 'at_least_once'], '§2: two policies'),
  rule(
    'constraint',
    'message',
    'message_counters',
    ['fence >= attempt_no', 'burned >= 0', 'not_sent >= 0'],
    '§2: each attempt raised the fence',
  ),
  rule('constraint', 'message', 'message_rank_known', ['wa_rank', '6'], '§9: ranks 0 to 6'),
  rule('constraint', 'message', 'message_priority_known', ['priority'], '§13: three kinds of queue'),
  rule(
    'constraint',
    'message',
    'message_category_source_known',
    ['synced', 'guessed'],
    '§2: a guessed category says so',
  ),
  rule(
    'trigger',
    'message',
    'message_transition_allowed',
    ['BEFORE UPDATE OF state', 'IS DISTINCT FROM'],
    '§3: the list of transitions is complete',
  ),
  rule('trigger', 'message', 'message_starts_queued', ['BEFORE INSERT'], '§3: T0 is the only way in'),
  rule(
    'trigger',
    'message',
    'message_never_goes_back',
    ['fence', 'attempt_no', 'wa_rank'],
    '§3 fence, §15 I9: none of them falls',
  ),
  rule(
    'trigger',
    'message',
    'message_cancelled_unsent',
    ['BEFORE UPDATE OF state', 'cancelled'],
    '§3 T10: what may have gone through is not cancelled',
  ),
  rule(
    'trigger',
    'message',
    'message_redriven_afresh',
    ['BEFORE UPDATE OF state', 'failed', 'expired', 'unknown', 'queued'],
    '§3 T11: no open attempt, a new fence, new counters',
  ),
  rule(
    'index',
    'message',
    'message_due',
    ['phone_number_id, priority, client_id, next_attempt_at', 'WHERE (next_attempt_at IS NOT NULL)'],
    '§8: the feeder reads what is due, fairly per client',
  ),
  rule(
    'index',
    'message',
    'message_expiry',
    ['expires_at', 'WHERE (next_attempt_at IS NOT NULL)'],
    '§3: T9 reads what waits',
  ),
  rule('storage', 'message', 'message', ['fillfactor=70', 'autovacuum_vacuum_scale_factor=0.01'], '§14'),
  rule('constraint', 'attempt', 'attempt_pkey', ['PRIMARY KEY (message_id, no)'], '§2: an attempt is named once'),
  rule('constraint', 'attempt', 'attempt_state_known', ATTEMPT_STATES, '§4: eight states, no others'),
  rule('constraint', 'attempt', 'attempt_ended_unless_started', ['started', 'ended_at'], '§4: an end has a time'),
  rule('constraint', 'attempt', 'attempt_accepted_has_wamid', ['accepted', 'wamid'], '§4: accepted means a wamid'),
  rule(
    'constraint',
    'attempt',
    'attempt_uncertain_has_since',
    ['uncertain_since', 'resolve_after'],
    '§6: resolving counts from there',
  ),
  rule(
    'constraint',
    'attempt',
    'attempt_no_from_one',
    ['no >= 1', 'fence >= no'],
    '§2: numbers begin at 1, each raised the fence',
  ),
  rule(
    'trigger',
    'attempt',
    'attempt_transition_allowed',
    ['BEFORE UPDATE OF state', 'IS DISTINCT FROM'],
    '§4: the list of ends',
  ),
  rule('trigger', 'attempt', 'attempt_starts_started', ['BEFORE INSERT'], '§4: an attempt begins started'),
  rule(
    'index',
    'attempt',
    'one_open_attempt',
    ['UNIQUE', '(message_id)', 'WHERE', 'started', 'uncertain'],
    '§3, I3: one open attempt a message',
  ),
  rule('index', 'attempt', 'attempt_wamid', ['(wamid)', 'WHERE (wamid IS NOT NULL)'], '§9: statuses by wamid'),
  rule('storage', 'attempt', 'attempt', ['fillfactor=80', 'autovacuum_vacuum_scale_factor=0.01'], '§14'),
  rule(
    'constraint',
    'status_event',
    'status_event_pkey',
    ['PRIMARY KEY (message_id, attempt_no, recipient, status, ts, code)'],
    '§9: effect key of a status',
  ),
  rule(
    'constraint',
    'orphan_status',
    'orphan_status_pkey',
    ['PRIMARY KEY (wamid, recipient, status, ts, code)'],
    '§9: effect key of an unmatched status',
  ),
  rule(
    'constraint',
    'inbound_message',
    'inbound_message_pkey',
    ['PRIMARY KEY (wamid)'],
    '§9: effect key of an inbound message',
  ),
  rule(
    'constraint',
    'inbox_hash',
    'inbox_hash_pkey',
    ['PRIMARY KEY (sha256)'],
    '§9: the same bytes are stored once, in any month',
  ),
  rule('constraint', 'inbox', 'inbox_sha256_length', ['32'], '§9: a whole SHA-256'),
  rule('constraint', 'inbox_work', 'inbox_work_pkey', ['PRIMARY KEY (inbox_id)'], '§9: one work row a notification'),
  rule(
    'constraint',
    'inbox_work',
    'inbox_work_state_known',
    ['received', 'processing', 'dead'],
    '§9: states of a notification',
  ),
  rule(
    'constraint',
    'inbox_work',
    'inbox_work_lease_only_while_processing',
    ['processing', 'lease_until'],
    '§9: a lease if and only if processing',
  ),
  rule(
    'constraint',
    'inbox_dead_item',
    'inbox_dead_item_pkey',
    ['PRIMARY KEY (inbox_id, idx)'],
    '§9: an item dies once',
  ),
  rule('storage', 'inbox_work', 'inbox_work', ['autovacuum_vacuum_scale_factor=0.01'], '§14'),
  rule('trigger', 'inbox', 'inbox_written_once', ['BEFORE UPDATE', 'redacted_at'], '§9: inbox rows are write-once'),
  rule('trigger', 'message_content', 'message_content_written_once', ['BEFORE UPDATE', 'erased_at'], '§3, §9'),
  rule('trigger', 'status_event', 'status_event_written_once', ['BEFORE UPDATE'], '§9: a status is a fact'),
  rule('trigger', 'event', 'event_written_once', ['BEFORE UPDATE', 'seq'], '§10: numbered once, else unchanged'),
  rule(
    'constraint',
    'event_number',
    'event_seq',
    ['PRIMARY KEY (client_id, seq)'],
    '§10: one event a number of a client, in any month',
  ),
  rule('trigger', 'event', 'event_insert_numbered', ['AFTER INSERT', 'seq IS NOT NULL'], '§10: its number is noted'),
  rule('trigger', 'event', 'event_update_numbered', ['AFTER UPDATE OF seq'], '§10: its number is noted'),
  rule(
    'constraint',
    'idempotency_key',
    'idempotency_key_pkey',
    ['PRIMARY KEY (client_id, key)'],
    '§11: one key, one message set; one message a reference',
  ),
  rule('constraint', 'idempotency_key', 'idempotency_key_kind', ['key|ref'], '§11: a key never passes for a reference'),
  rule('constraint', 'idempotency_key', 'idempotency_key_hash_is_sha256', ['32'], '§11: hash of the request'),
  rule('index', 'alert', 'one_open_alert', ['UNIQUE', 'kind, scope, scope_id', 'closed_at IS NULL'], '§2: alert'),
  rule('constraint', 'hold', 'hold_pkey', ['PRIMARY KEY (scope, scope_id)'], '§7: one hold a scope'),
  rule(
    'constraint',
    'hold',
    'hold_scope_known',
    ['app', 'waba', 'sender', 'pair'],
    '§4: what a throttled answer holds',
  ),
  rule('constraint', 'sender', 'sender_throughput_positive', ['throughput_limit >= 1'], '§7: a lane has a pace'),
];

/** Columns that claims, settlements and statuses change: an index that names one makes each of those updates cost an index write (§14). */
const HOT_COLUMNS =
  /\b(state|reason|fence|attempt_no|burned|not_sent|fed_at|lease_until|lease_owner|wa_rank|sent_at|delivered_at|read_at|updated_at)\b/;

const FACTS = `
SELECT 'constraint' AS kind, conrelid::regclass::text AS "table", conname AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND convalidated AND conenforced
UNION ALL
SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indisvalid AND indisready
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
UNION ALL
SELECT 'storage', t.name, t.name, string_agg(t.said, ' ') FROM (
  -- A partitioned table has none of its own: what all of its partitions say counts.
  SELECT coalesce(i.inhparent, c.oid)::regclass::text AS name, o.said, count(*) AS partitions, max(n.partitions) AS all_partitions
  FROM pg_class c CROSS JOIN LATERAL unnest(c.reloptions) o(said)
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  CROSS JOIN LATERAL (SELECT GREATEST(count(*), 1) AS partitions FROM pg_inherits s WHERE s.inhparent = i.inhparent) n
  GROUP BY 1, 2
) t WHERE t.partitions = t.all_partitions GROUP BY t.name`;

/** One line for each rule that the database does not keep. */
export async function brokenRules(on: Database): Promise<string[]> {
  const facts = await on.query<{ kind: string; table: string; name: string; definition: string }>(
    { name: '', sql: FACTS },
    [],
  );
  const missing = RULES.flatMap(({ kind, table, name, says, why }) => {
    const fact = facts.find(
      (candidate) => candidate.kind === kind && candidate.table === table && candidate.name === name,
    );
    if (fact === undefined) return [`${kind} ${name} on ${table} is missing (${why})`];
    const unsaid = says.filter((words) => !fact.definition.includes(words));
    return unsaid.length === 0 ? [] : [`${kind} ${name} on ${table} does not say ${unsaid.join(', ')} (${why})`];
  });
  const tooMuch = facts.filter(
    ({ kind, table, definition }) => kind === 'index' && table === 'message' && HOT_COLUMNS.test(definition),
  );
  return [...missing, ...tooMuch.map(({ name }) => `index ${name} on message names a hot column (§3, §14)`)];
}
