import { redactMessage, redactNotification, splitNotification } from '#graph-api';
import { deleteInboundMedia } from '#media';
import type { Tx } from '#persistence';
import { messagesOf } from '../arrived-messages.js';
import type { ArrivedMessage } from '../domain/arrived-message.js';
import type { Deletion } from './deletions.js';
import { eraseMessages, findDeleted } from './queries/deleted-messages.query.js';
import { findUnapplied, keepDeletions, noteArrivals, noteUnapplied } from './queries/deletions.query.js';
import { type RawNotification, readNotifications, redactNotifications } from './queries/redact-notifications.query.js';

/**
 * Erases what contacts deleted, and its edits, here and in every notification that brought it, also in one that could not be applied; that
 * there was a message, from whom and when, stays. A deletion may come first: then the message is erased in the transaction that stores it. Safe to run twice.
 * @param arrived messages that the caller's transaction has stored, and repetitions of known ones
 */
export async function eraseDeleted(
  tx: Tx,
  deletions: readonly Deletion[],
  arrived: readonly ArrivedMessage[],
): Promise<void> {
  if (deletions.length > 0) await keepDeletions(tx, deletions);
  const known = arrived.length > 0 ? await noteArrivals(tx, arrived) : [];
  const wamids = [...new Set([...deletions.map(({ wamid }) => wamid), ...known])];
  if (wamids.length === 0) return;
  await eraseUnapplied(tx, wamids);
  const deleted = await findDeleted(tx, wamids);
  if (deleted.length === 0) return;
  await eraseMessages(
    tx,
    deleted.map((message) => ({ ...message, content: redactMessage(message.content) })),
  );
  const erased = new Set(deleted.map(({ wamid }) => wamid));
  await deleteInboundMedia(tx, [...erased]);
  await redact(tx, [...new Set(deleted.flatMap(({ inboxIds }) => inboxIds))], () => erased);
}

/**
 * Sees to it that messages which could not be applied are erased once they are deleted, and at once those that were deleted before. To be
 * called under `lockBurial`, after their notification was marked as dead.
 */
export async function eraseUnappliedOnDeletion(tx: Tx, messages: readonly ArrivedMessage[]): Promise<void> {
  await noteUnapplied(tx, messages);
  await eraseUnapplied(
    tx,
    messages.flatMap(({ wamid, targetWamid }) => [wamid, ...(targetWamid === null ? [] : [targetWamid])]),
  );
}

/** In raw notifications of which not everything was applied: what they say there stands nowhere else. */
async function eraseUnapplied(tx: Tx, wamids: readonly string[]): Promise<void> {
  const unapplied = await findUnapplied(tx, wamids);
  if (unapplied.length === 0) return;
  const deleted = new Set(unapplied.map(({ wamid, phoneNumberId }) => `${phoneNumberId} ${wamid}`));
  const isDeleted = ({ wamid, phoneNumberId, type, targetWamid }: ArrivedMessage) =>
    deleted.has(`${phoneNumberId} ${wamid}`) || (type === 'edit' && deleted.has(`${phoneNumberId} ${targetWamid}`));
  await redact(tx, [...new Set(unapplied.map(({ inboxId }) => inboxId))], ({ inboxId, raw }) => {
    const items = splitNotification(raw.toString('utf8'));
    const messages = items.flatMap((item) => messagesOf({ item, inboxId, receivedAt: NEVER }));
    return new Set(messages.filter(isDeleted).map(({ wamid }) => wamid));
  });
}

/** Of a message that is only looked for. */
const NEVER = new Date(0);

async function redact(
  tx: Tx,
  inboxIds: readonly string[],
  deletedIn: (notification: RawNotification) => ReadonlySet<string>,
): Promise<void> {
  const redacted = (await readNotifications(tx, inboxIds)).flatMap((notification) => {
    const text = redactNotification(notification.raw.toString('utf8'), deletedIn(notification));
    return text === null ? [] : [{ inboxId: notification.inboxId, raw: Buffer.from(text) }];
  });
  if (redacted.length > 0) await redactNotifications(tx, redacted);
}
