import type { ClaimedMessage } from './queries/claim-due-messages.query.js';

/** What goes out next: the message, or its fallback for a closed window. */
export const contentToSend = ({ usesFallback, windowFallback, content }: ClaimedMessage) =>
  usesFallback ? windowFallback : content;

/** Name and language of the template that goes out next, `order_shipped:en_US`; null when it is none. */
export function templateKey(message: ClaimedMessage): string | null {
  const template = contentToSend(message)?.template as { name?: unknown; language?: { code?: unknown } } | undefined;
  const [name, language] = [template?.name, template?.language?.code];
  return typeof name === 'string' && typeof language === 'string' ? `${name}:${language}` : null;
}
