import { readMessagingLimit, UPGRADED_THROUGHPUT } from './sender-limits.js';

/** Something that Meta says of an account, of one of its numbers, or of a flow or group of it. */
export interface AccountNotice {
  /** account, number:<digits>, id:<phone number id>, flow:<id> or group:<id> */
  subject: string;
  kind: string;
  value: string;
  /** UNIX seconds, where the notice has a time of its own beside that of its entry. */
  at?: number;
  /** What it says, where the webhook may hold more than this, such as messages. */
  details?: unknown;
}

type Value = Readonly<Record<string, unknown>>;
type Reader = (value: Value) => AccountNotice[];

const ACCOUNT = 'account';
/** Meta says that a number's quality is low, or no longer; it names no rating. UPGRADE, DOWNGRADE and ONBOARDING are about limits. */
const QUALITY_FLAGS: ReadonlySet<unknown> = new Set(['FLAGGED', 'UNFLAGGED']);
/** How long a word of Meta's may be: a longer one could not be indexed. */
const MAX_VALUE = 512;

/** What each field of a webhook tells. What a field does not say, or says in another shape, is left out. */
const READERS: Readonly<Record<string, Reader>> = {
  account_update: (value) => of(ACCOUNT, 'account_event', value.event),
  account_review_update: (value) => of(ACCOUNT, 'account_review', value.decision),
  account_alerts: (value) => of(ACCOUNT, 'account_alert', objectOf(value.alert_info).alert_type),
  business_capability_update: (value) => [
    ...messagingLimit(value),
    ...of(ACCOUNT, 'phone_numbers_limit', value.max_phone_numbers_per_business ?? value.max_phone_numbers_per_waba),
  ],
  phone_number_quality_update: (value) => [
    ...messagingLimit(value),
    ...of(numberOf(value), 'number_event', value.event),
    ...(QUALITY_FLAGS.has(value.event) ? of(numberOf(value), 'quality_flag', value.event) : []),
    ...(value.event === 'THROUGHPUT_UPGRADE' ? of(numberOf(value), 'throughput', UPGRADED_THROUGHPUT) : []),
  ],
  phone_number_name_update: (value) => [
    ...of(numberOf(value), 'name_status', value.decision),
    ...(value.decision === 'APPROVED' ? of(numberOf(value), 'verified_name', value.requested_verified_name) : []),
  ],
  security: (value) => of(numberOf(value), 'security_event', value.event),
  business_username_updates: (value) => [
    ...of(numberOf(value), 'username_status', value.status),
    ...of(numberOf(value), 'username', value.username),
  ],
  flows: (value) => of(idOf('flow', value.flow_id), 'flow_event', value.new_status ?? value.event),
  payment_configuration_update: (value) => of(ACCOUNT, 'payment_configuration', value.status),
  ...Object.fromEntries(
    ['lifecycle', 'participants', 'settings', 'status'].map((what) => [
      `group_${what}_update`,
      (value: Value) => groupsOf(value, `group_${what}`),
    ]),
  ),
};

/** Fields that bring messages of a number, too: what they tell of the number itself. */
const OF_NUMBER: Readonly<Record<string, Reader>> = {
  history: (value) => {
    const chunks = Array.isArray(value.history) ? (value.history as unknown[]).map(objectOf) : [];
    const errors = chunks.flatMap((chunk) =>
      (Array.isArray(chunk.errors) ? (chunk.errors as unknown[]) : []).map(objectOf),
    );
    if (!errors.some(({ code }) => code === HISTORY_DECLINED)) return [];
    const subject = idOf('id', objectOf(value.metadata).phone_number_id);
    return of(subject, 'history_sharing', 'declined').map((notice) => ({ ...notice, details: { errors } }));
  },
};
/** The business shares none of the chats that its number had before, in the WhatsApp Business app. */
const HISTORY_DECLINED = 2_593_109;

/** Fields of webhooks that tell of accounts and their numbers, and of nothing else. */
export const ACCOUNT_FIELDS: ReadonlySet<string> = new Set(Object.keys(READERS));

/** What a webhook says of an account or number: one of `ACCOUNT_FIELDS`, or `history`. Never throws. Source: Meta, webhook reference (2026-09). */
export function readAccountNotice(field: string, raw: unknown): AccountNotice[] {
  const reader = [READERS, OF_NUMBER].find((readers) => Object.hasOwn(readers, field))?.[field];
  return reader?.(objectOf(raw)) ?? [];
}

/** Null stands for any number of people. */
export const limitValue = (users: number | null): string => (users === null ? 'unlimited' : String(users));

function messagingLimit(value: Value): AccountNotice[] {
  const users = readMessagingLimit(value.max_daily_conversations_per_business);
  return users === undefined ? [] : of(ACCOUNT, 'messaging_limit', limitValue(users));
}

function groupsOf(value: Value, kind: string): AccountNotice[] {
  return (Array.isArray(value.groups) ? (value.groups as unknown[]) : []).map(objectOf).flatMap((group) => {
    const at = Number(group.timestamp);
    return of(idOf('group', group.group_id), kind, group.type).map((notice) =>
      Number.isSafeInteger(at) && at > 0 && at < 1e11 ? { ...notice, at } : notice,
    );
  });
}

function of(subject: string | null, kind: string, value: unknown): AccountNotice[] {
  const text = typeof value === 'number' ? String(value) : value;
  return subject === null || typeof text !== 'string' || text === '' || text.length > MAX_VALUE
    ? []
    : [{ subject, kind, value: text }];
}

function numberOf(value: Value): string | null {
  const digits = typeof value.display_phone_number === 'string' ? value.display_phone_number.replaceAll(/\D/g, '') : '';
  return idOf('number', digits);
}

function idOf(kind: string, id: unknown): string | null {
  const text = typeof id === 'number' ? String(id) : id;
  return typeof text === 'string' && text !== '' && text.length <= MAX_VALUE ? `${kind}:${text}` : null;
}

const objectOf = (value: unknown): Value => (typeof value === 'object' && value !== null ? { ...value } : {});
