import { PROJECTIONS } from './projections.js';

/** How a replay finds a table: what it starts with, in SQL of a column or of which rows. */
interface Copy {
  /** Columns that start otherwise than they are. */
  reset?: Readonly<Record<string, string>>;
  /** Which rows of the live table `t` it starts with; none unless said. `@` stands before live tables. */
  where?: string;
}

/**
 * Tables that a replay has for itself, under the same names: statements find its own first. Those that follow from notifications start
 * empty; what we did ourselves (dispatch), and what we read from Meta, starts as it is.
 */
export const SCRATCH_TABLES: Readonly<Record<string, Copy>> = {
  ...Object.fromEntries(PROJECTIONS.map(({ table }) => [table, {}])),
  message: {
    where: 't.attempt_no > 0',
    reset: {
      wa_rank: '0',
      sent_at: 'NULL',
      delivered_at: 'NULL',
      read_at: 'NULL',
      played_at: 'NULL',
      failed_at: 'NULL',
      wa_error_code: 'NULL',
      deleted_at: 'NULL',
    },
  },
  attempt: { where: 'true' },
  // What Meta refused in the answer to a send closes a window, too: that is no notification's doing.
  window_closing: {
    where: `EXISTS (
      SELECT FROM @message m JOIN @attempt a ON a.message_id = m.id
      WHERE m.phone_number_id = t.phone_number_id AND m.recipient = t.contact AND a.error_code = 131047
        AND t.closed_at BETWEEN a.started_at AND coalesce(a.ended_at, a.started_at) + interval '1 second')`,
  },
  // Nor is what Meta refused in an answer (131050).
  marketing_suppression: {
    where: `EXISTS (
      SELECT FROM @message m JOIN @attempt a ON a.message_id = m.id JOIN @sender s ON s.phone_number_id = m.phone_number_id
      WHERE s.waba_id = t.waba_id AND right(m.recipient, 7) = right(t.recipient, 7) AND a.error_code = 131050
        AND t.refused_at BETWEEN a.started_at AND coalesce(a.ended_at, a.started_at) + interval '1 second')`,
    reset: {
      reason: `'meta_131050'`,
      chosen_at: 't.refused_at',
      lifted_at: 'NULL',
      resumed_at: 'NULL',
      choice_at: 'NULL',
      choice: 'NULL',
      wants: 'NULL',
    },
  },
  marketing_choice_told: {
    where: `t.reason = 'meta_131050' AND EXISTS (
      SELECT FROM @message m JOIN @attempt a ON a.message_id = m.id JOIN @sender s ON s.phone_number_id = m.phone_number_id
      WHERE s.waba_id = t.waba_id AND right(m.recipient, 7) = right(t.recipient, 7) AND a.error_code = 131050
        AND t.chosen_at BETWEEN a.started_at AND coalesce(a.ended_at, a.started_at) + interval '1 second')`,
  },
  // Answers to sends tell of who is who, too.
  contact_fact: { where: 't.inbox_id IS NULL', reset: { last_at: `'epoch'` } },
  account_fact: { where: `t.source = 'read'` },
  sender: {
    where: 'true',
    reset: {
      throughput_limit: '80',
      throughput_known_at: 'NULL',
      listening_since: 'NULL',
      last_heard_at: 'NULL',
      expecting_since: 'NULL',
    },
  },
  // Those that only webhooks told of come from them.
  template: {
    where: 't.synced_at IS NOT NULL',
    reset: {
      status: `'PENDING'`,
      status_at: `'epoch'`,
      category: `'UTILITY'`,
      category_at: `'epoch'`,
      quality: 'NULL',
      quality_at: `'epoch'`,
    },
  },
  // Counted by what we sent; people who turn out to be one are counted once.
  portfolio_user: {},
  charge: {},
  tier_usage: {},
  tier_adjustment: {},
  // Written, and not looked at: copies of messages, gaps in the webhooks (which sends told of, too), and what a replay must not do
  // (events, alerts, holds, files, redaction).
  listening_spell: {},
  inbound_copy: {},
  inbox: {},
  message_content: {},
  media_asset: {},
  event: {},
  alert: {},
  hold: {},
};

/** Tables that notifications do not change: a replay reads them where they are, and cannot write them. */
export const LIVE_TABLES: readonly string[] = [
  'access_token',
  'api_key',
  'charge_template',
  'client',
  'cost_hour',
  'delivery_counter',
  'delivery_hour',
  'event_number',
  'explanation',
  'hour_touched',
  'idempotency_key',
  'inbox_dead_item',
  'inbox_hash',
  'inbox_parked',
  'inbox_unhandled',
  'inbox_work',
  'lane_breaker',
  'latency_hour',
  'message_link',
  'pace_lane',
  'pace_pair',
  'pricing_comparison',
  'pricing_reconciliation',
  'rate',
  'rate_card',
  'read_receipt',
  'retention',
  'status_channel',
  'sweep_mark',
  'template_sync',
  'waba',
];
