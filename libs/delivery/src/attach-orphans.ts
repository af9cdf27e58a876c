import { learnContacts, type SenderFact } from '#contacts';
import { type ConversationNews, followConversations, newsOfStatus } from '#conversations';
import type { StatusItem } from '#graph-api';
import { statusSecond, toAttemptStatus } from '#messages';
import { newId, type Tx } from '#persistence';
import { applyFailedStatuses } from './apply-failed-statuses.js';
import { countUsersOnce } from './budget/queries/admit-users.query.js';
import { chargeAttempts } from './charge-attempts.js';
import { takeOrphans } from './queries/take-orphans.query.js';
import { recordOurStatuses } from './record-our-statuses.js';
import { toldByStatus } from './told-by-status.js';

/** The most statuses of one call. */
export const MAX_ORPHANS = 1_000;

/** Statuses that found their message, and what is still to be done in the transaction: `followOrphans`, or with what else it is about. */
export interface AttachedOrphans {
  count: number;
  /** Of who is who: for `learnContacts`. */
  told: SenderFact[];
  /** For `applyFailedStatuses`, after that. */
  failures: string[];
  /** For `followConversations`, last. */
  news: ConversationNews[];
}

export const NO_ORPHANS: AttachedOrphans = { count: 0, told: [], failures: [], news: [] };

/**
 * Gives statuses that waited for their message to it, and charges it, in the transaction that learnt the wamids, or later.
 * @param wamids which; null looks at all that wait
 * @param sinceId only of messages from this id on; null: of any
 * @returns how many found their message, at most MAX_ORPHANS, and what they tell
 */
export async function attachOrphans(
  tx: Tx,
  wamids: readonly string[] | null,
  sinceId: string | null = null,
): Promise<AttachedOrphans> {
  const orphans = await takeOrphans<StatusItem>(tx, wamids, { limit: MAX_ORPHANS, sinceId });
  if (orphans.length === 0) return NO_ORPHANS;
  const { failures } = await recordOurStatuses(
    tx,
    orphans.map((orphan) => toAttemptStatus(orphan.item, orphan, orphan, newId())),
  );
  await chargeAttempts(tx, orphans);
  return {
    count: orphans.length,
    told: orphans.flatMap((orphan) => toldByStatus(orphan, orphan)),
    failures,
    news: orphans.flatMap(({ item, receivedAt }) => newsOfStatus(item, statusSecond(item, receivedAt), receivedAt)),
  };
}

/** What attached statuses lead to, last in a transaction that is about nothing else. */
export async function followOrphans(tx: Tx, { told, failures, news }: AttachedOrphans): Promise<void> {
  const changes = await learnContacts(tx, told);
  await countUsersOnce(tx, changes);
  if (failures.length > 0) await applyFailedStatuses(tx, failures, Math.random());
  await followConversations(tx, news, changes);
}
