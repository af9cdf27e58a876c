import type { ArrivedAppMessage } from './arrived-message.js';

/** How far a message of the history had come, in Meta's words. */
export const HISTORY_STATUSES = ['error', 'pending', 'sent', 'delivered', 'read', 'played'];

/**
 * One message of each wamid: a file takes the place of what stood for it, an echo is worth more than the history, then the one that had come
 * farthest, then the one that came first. The farthest status counts. In no order that matters.
 */
export function mergeAppMessages(messages: readonly ArrivedAppMessage[]): ArrivedAppMessage[] {
  return [...Map.groupBy(messages, ({ wamid }) => wamid).values()].map((same) => {
    const [best] = same.toSorted(bestFirst);
    const [farthest] = same.toSorted((a, b) => rank(b) - rank(a));
    const isEcho = same.some(({ origin }) => origin === 'echo');
    return { ...best!, origin: isEcho ? 'echo' : 'history', status: farthest!.status };
  });
}

const bestFirst = (a: ArrivedAppMessage, b: ArrivedAppMessage) =>
  worth(b) - worth(a) || rank(b) - rank(a) || a.receivedAt.getTime() - b.receivedAt.getTime();
const worth = ({ type, origin }: ArrivedAppMessage) =>
  (type === 'media_placeholder' ? 0 : 2) + (origin === 'echo' ? 1 : 0);
const rank = ({ status }: ArrivedAppMessage) => (status === null ? -1 : HISTORY_STATUSES.indexOf(status));
