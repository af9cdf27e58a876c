/** What decides whether the fallback of a message goes in its place. */
export interface FallbackFacts {
  type: string;
  recipientKind: string;
  windowPolicy: string;
  windowFallback: object | null;
  sendAt: Date | null;
}

/**
 * Whether the fallback of a message is what goes if it is sent now: what is no template, to one person whose window is closed. Until a message
 * is due its contact may still write.
 */
export function goesAsFallback(
  { type, recipientKind, windowPolicy, windowFallback, sendAt }: FallbackFacts,
  window: 'open' | 'closed' | 'unknown',
  now: Date,
): boolean {
  const needsWindow = type !== 'template' && recipientKind !== 'group' && windowPolicy === 'enforce';
  return needsWindow && windowFallback !== null && window === 'closed' && (sendAt === null || sendAt <= now);
}
