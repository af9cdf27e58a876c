/** More than this is no limit to anybody, and more than the column holds. */
const MOST_USERS = 2_147_483_647;

/**
 * To how many people a portfolio may write first in 24 hours, as Meta's webhooks and reads have it: `TIER_250`, `TIER_2K`,
 * `TIER_UNLIMITED`, a number, -1. Null: to any number. Undefined: no limit can be read, as from `TIER_NOT_SET`.
 * Source: Meta, messaging limits (edition of 2025-10).
 */
export function readMessagingLimit(value: unknown): number | null | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return value < 0 || value > MOST_USERS ? null : value;
  if (typeof value !== 'string') return undefined;
  if (/^(TIER_)?UNLIMITED$/.test(value) || value === '-1') return null;
  const [, digits, thousand] = /^(?:TIER_)?(\d{1,7})(K)?$/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits) * (thousand === undefined ? 1 : 1_000);
}

/** Messages a second, in and out together, of a number that is also used in the WhatsApp Business app. */
const COEXISTENCE_THROUGHPUT = 20;
const THROUGHPUT_OF_LEVEL: Readonly<Record<string, number>> = { STANDARD: 80, HIGH: 1_000 };

/**
 * Messages a second that Meta allows a number, from a read of it; undefined when the level says nothing (`NOT_APPLICABLE`).
 * Source: Meta, throughput.
 */
export function readThroughput({ level, isOnBizApp }: { level: unknown; isOnBizApp: boolean }): number | undefined {
  if (isOnBizApp) return COEXISTENCE_THROUGHPUT;
  return typeof level === 'string' ? THROUGHPUT_OF_LEVEL[level] : undefined;
}

/** What a number is allowed after `phone_number_quality_update` with the event `THROUGHPUT_UPGRADE`. */
export const UPGRADED_THROUGHPUT = 1_000;
