import type { OtherItem } from '#graph-api';
import type { Tx } from '#persistence';
import { readAccountNotice } from '../domain/account-notice.js';
import { deriveLimits } from './queries/derive-limits.query.js';
import { type AccountFact, keepToldFacts } from './queries/keep-facts.query.js';

/** A webhook about an account or a number of it, and when it came. */
export interface AccountNews {
  item: OtherItem;
  receivedAt: Date;
}

/** Meta's clock may run ahead of ours by this much; what lies further ahead counts as now. */
const MAX_AHEAD_MS = 60_000;
/** Whatever a sender is held to. */
const LIMITS: ReadonlySet<string> = new Set(['messaging_limit', 'throughput']);

/** When a webhook says that something began: Meta's second, else when it came. */
export const factAt = (seconds: number | null, receivedAt: Date): Date =>
  seconds === null ? receivedAt : new Date(Math.min(seconds * 1_000, receivedAt.getTime() + MAX_AHEAD_MS));

/** Takes over what Meta tells of accounts, numbers, their limits and their quality. Safe to run twice, and in any order. */
export async function learnAccounts(tx: Tx, news: readonly AccountNews[]): Promise<void> {
  const facts = news.flatMap(factsOf);
  await keepToldFacts(tx, facts);
  await deriveLimits(tx, [...new Set(facts.filter(({ kind }) => LIMITS.has(kind)).map(({ wabaId }) => wabaId))]);
}

function factsOf({ item, receivedAt }: AccountNews): AccountFact[] {
  const { wabaId } = item;
  if (wabaId === null) return [];
  return readAccountNotice(item.field, item.raw).map(({ subject, kind, value, at, details }) => ({
    wabaId,
    subject,
    kind,
    value,
    at: factAt(at ?? item.time, receivedAt),
    details: details ?? item.raw,
  }));
}
