import type { Conversation } from './conversation.js';
import { FREE_ENTRY_POINT_MS } from './free-entry-points.js';
import { WINDOW_MS } from './window-state.js';

/** A status named a conversation of Meta's. */
export interface NamedFact {
  contact: string;
  at: Date;
  wamid: string;
  metaId: string;
  origin: string;
  /** Only a `sent` status says it. */
  expiresAt: Date | null;
}

/** Meta's origin of a conversation that began with an ad. */
export const REFERRAL_ORIGIN = 'referral_conversion';

/**
 * The conversations that Meta has named, with what was known of them: opened at the earliest status that names it, until the
 * earliest end that Meta gave, or 24 (72) hours later. The same facts in any order give the same.
 */
export function namedConversations(known: readonly Conversation[], facts: readonly NamedFact[]): Conversation[] {
  const byId = new Map(known.flatMap((row) => (row.metaId === null ? [] : [[row.metaId, row] as const])));
  for (const fact of facts) byId.set(fact.metaId, merge(byId.get(fact.metaId), fact));
  return [...byId.values()];
}

function merge(known: Conversation | undefined, fact: NamedFact): Conversation {
  const isEarlier =
    known === undefined || fact.at < known.openedAt || (+fact.at === +known.openedAt && fact.wamid < known.openedBy);
  const { at, wamid, contact } = isEarlier
    ? fact
    : { at: known.openedAt, wamid: known.openedBy, contact: known.contact };
  const isEntry = fact.origin === REFERRAL_ORIGIN;
  const metaExpiresAt = earliest(known?.metaExpiresAt ?? null, fact.expiresAt);
  const lasts = isEntry ? FREE_ENTRY_POINT_MS : WINDOW_MS;
  const isUsable = metaExpiresAt !== null && metaExpiresAt > at;
  return {
    kind: isEntry ? 'free_entry_point' : 'cbp',
    category: isEntry ? null : fact.origin,
    contact,
    openedAt: at,
    openedBy: wamid,
    lastHeardAt: at,
    certainUntil: null,
    extendedCount: 0,
    expiresAt: isUsable ? metaExpiresAt : new Date(at.getTime() + lasts),
    metaId: fact.metaId,
    metaExpiresAt,
  };
}

const earliest = (a: Date | null, b: Date | null) => (a === null || (b !== null && b < a) ? b : a);
