import { redactMessage, redactNotification } from '#graph-api';
import { deleteInboundMedia } from '#media';
import type { Tx } from '#persistence';
import type { ArrivedMessage } from '../domain/arrived-message.js';
import type { Deletion } from './deletions.js';
import { eraseMessages, findDeleted } from './queries/deleted-messages.query.js';
import { keepDeletions, noteArrivals } from './queries/deletions.query.js';
import { readNotifications, redactNotifications } from './queries/redact-notifications.query.js';

/**
 * Erases what contacts deleted, and its edits, here and in every notification that brought it; that there was a message, from whom
 * and when, stays. A deletion may come first: then the message is erased in the transaction that stores it. Safe to run twice.
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
  const deleted = wamids.length > 0 ? await findDeleted(tx, wamids) : [];
  if (deleted.length === 0) return;
  await eraseMessages(
    tx,
    deleted.map((message) => ({ ...message, content: redactMessage(message.content) })),
  );
  const erased = new Set(deleted.map(({ wamid }) => wamid));
  await deleteInboundMedia(tx, [...erased]);
  await redact(tx, erased, [...new Set(deleted.flatMap(({ inboxIds }) => inboxIds))]);
}

async function redact(tx: Tx, wamids: ReadonlySet<string>, inboxIds: readonly string[]): Promise<void> {
  const redacted = (await readNotifications(tx, inboxIds)).flatMap(({ inboxId, raw }) => {
    const text = redactNotification(raw.toString('utf8'), wamids);
    return text === null ? [] : [{ inboxId, raw: Buffer.from(text) }];
  });
  if (redacted.length > 0) await redactNotifications(tx, redacted);
}
