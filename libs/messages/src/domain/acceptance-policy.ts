import type { MetaApi, MetaMessage, RecipientKind } from '#graph-api';
import { checkAuthentication } from './authentication-rule.js';
import type { CategorySource, DeliveryPolicy, Priority, TemplateCategory } from './message.js';
import { guessCategory } from './guess-category.js';
import { InvalidScheduleError } from './invalid-schedule.error.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long a message may wait to be sent when the caller does not say (delivery protocol §7). */
export const DEFAULT_TTL_MS = { authentication: 10 * MINUTE_MS, other: DAY_MS };
const MAX_SCHEDULE_MS = 30 * DAY_MS;
const MAX_EXPIRY_MS = 31 * DAY_MS;

/** What the caller may say of how a message is sent. */
export interface AcceptanceWishes {
  message: MetaMessage;
  /** A phone number when left out. */
  recipientKind?: RecipientKind;
  category?: TemplateCategory;
  /** That of its template as Meta has it, where that is known. */
  syncedCategory?: TemplateCategory;
  /** Which API of Meta; the Marketing Messages API takes marketing templates only. */
  api?: MetaApi;
  priority?: Priority;
  deliveryPolicy?: DeliveryPolicy;
  sendAt?: Date | null;
  expiresAt?: Date | null;
}

/** What is decided once, at accept. Without `expiresAt` the database adds `ttlMs` to its own clock, or to `sendAt`. */
export interface AcceptancePlan {
  category: TemplateCategory | null;
  categorySource: CategorySource | null;
  priority: Priority;
  policy: DeliveryPolicy;
  sendAt: Date | null;
  expiresAt: Date | null;
  ttlMs: number;
}

/**
 * Decides category, priority, policy and life of a new message.
 * @throws InvalidScheduleError when it would expire before it may be sent, or lies too far ahead
 * @throws AuthenticationRefusedError for an authentication template that Meta would refuse
 */
export function planAcceptance(wishes: AcceptanceWishes, now: Date): AcceptancePlan {
  const guessed = guessCategory(wishes.message);
  const given = wishes.category ?? (wishes.api === 'marketing_messages' ? 'marketing' : undefined);
  const known = given ?? wishes.syncedCategory;
  const category = guessed === null ? null : (known ?? guessed);
  const isAuthentication = category === 'authentication';
  const sendAt = wishes.sendAt ?? null;
  const expiresAt = wishes.expiresAt ?? null;
  checkSchedule(sendAt, expiresAt, now);
  if (isAuthentication) checkAuthentication(wishes.message, wishes.recipientKind ?? 'phone');
  return {
    category,
    categorySource:
      category === null ? null : given !== undefined ? 'given' : known === undefined ? 'guessed' : 'synced',
    priority: wishes.priority ?? (isAuthentication ? 'urgent' : category === 'marketing' ? 'bulk' : 'standard'),
    policy: wishes.deliveryPolicy ?? (isAuthentication ? 'at_most_once' : 'at_least_once'),
    sendAt,
    expiresAt,
    ttlMs: isAuthentication ? DEFAULT_TTL_MS.authentication : DEFAULT_TTL_MS.other,
  };
}

/**
 * Checks when a message may be sent, and its end.
 * @throws InvalidScheduleError
 */
export function checkSchedule(sendAt: Date | null, expiresAt: Date | null, now: Date): void {
  if (sendAt !== null && sendAt.getTime() - now.getTime() > MAX_SCHEDULE_MS) {
    throw new InvalidScheduleError('sendAt', 'sendAt may lie at most 30 days ahead');
  }
  if (expiresAt === null) return;
  if (expiresAt <= now) throw new InvalidScheduleError('expiresAt', 'expiresAt must lie in the future');
  if (sendAt !== null && expiresAt <= sendAt)
    throw new InvalidScheduleError('expiresAt', 'expiresAt must be later than sendAt');
  if (expiresAt.getTime() - now.getTime() > MAX_EXPIRY_MS)
    throw new InvalidScheduleError('expiresAt', 'expiresAt may lie at most 31 days ahead');
}
