import type { ArrivedAppMessage } from './arrived-message.js';

/** How far a message of the history had come, in Meta's words. */
export const HISTORY_STATUSES = ['error', 'pending', 'sent', 'delivered', 'read', 'played'];

/**
 * One message of each wamid: a file takes the place of what stood for it, an echo is worth more than the history, and the farthest
 * status counts. In no order that matters, but that of two alike the first stays.
 */
export function mergeAppMessages(messages: readonly ArrivedAppMessage[]): ArrivedAppMessage[] {
  const merged = new Map<string, ArrivedAppMessage>();
  for (const message of messages) {
    const known = merged.get(message.wamid);
    merged.set(message.wamid, known === undefined ? message : merge(known, message));
  }
  return [...merged.values()];
}

function merge(one: ArrivedAppMessage, other: ArrivedAppMessage): ArrivedAppMessage {
  const better = worth(other) > worth(one) ? other : one;
  const isEcho = one.origin === 'echo' || other.origin === 'echo';
  const status = rank(other.status) > rank(one.status) ? other.status : one.status;
  return { ...better, origin: isEcho ? 'echo' : 'history', status };
}

const worth = ({ type, origin }: ArrivedAppMessage) =>
  (type === 'media_placeholder' ? 0 : 2) + (origin === 'echo' ? 1 : 0);
const rank = (status: string | null) => (status === null ? -1 : HISTORY_STATUSES.indexOf(status));
