import type { TemplateState } from '#templates';

/** What a template's state means for a message that is about to send it. */
export type TemplateVerdict = 'fine' | 'paused' | 'recategorised' | 'unusable';

/** Statuses that pass; what is in none of the sets can never be sent again. */
const WAITING: ReadonlySet<string> = new Set([
  'PAUSED',
  'DISABLED',
  'PENDING',
  'IN_APPEAL',
  'LIMIT_EXCEEDED',
  'LOCKED',
]);

/**
 * Whether a template may go out : paused, disabled or under review → it is held until Meta gives it back, or its message's time is over;
 * of another category than its message was accepted with, so that it has another price → until an operator lets it; rejected or deleted → it fails.
 * @param acceptedAs the message's category, when it was that of the template; null otherwise
 */
export function judgeTemplate(
  { status, category, acceptedCategory }: Pick<TemplateState, 'status' | 'category' | 'acceptedCategory'>,
  acceptedAs: string | null,
): TemplateVerdict {
  if (WAITING.has(status)) return 'paused';
  if (status !== 'APPROVED') return 'unusable';
  const isOther = acceptedAs !== null && acceptedAs.toUpperCase() !== category;
  return isOther && acceptedCategory !== category ? 'recategorised' : 'fine';
}
