import type { RecipientKind } from '#graph-api';

/** What decides whether the customer service window concerns a message. */
export interface FreeFormFacts {
  recipientKind: RecipientKind;
  windowPolicy: 'enforce' | 'trust_meta';
  usesFallback: boolean;
  content: Record<string, unknown> | null;
}

/**
 * Whether a message may go only into a window that is not closed (DESIGN §3c): what is no template, to one person, unless its
 * client leaves the decision to Meta. Groups have no such window.
 */
export function needsWindow({ recipientKind, windowPolicy, usesFallback, content }: FreeFormFacts): boolean {
  const isFreeForm = content !== null && !usesFallback && content['type'] !== 'template';
  return isFreeForm && windowPolicy === 'enforce' && recipientKind !== 'group';
}
