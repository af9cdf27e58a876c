import { type Conversation, overlap } from './conversation.js';
import { FREE_ENTRY_POINT_MS } from './free-entry-points.js';
import { WINDOW_MS } from './window-state.js';

/** A message of a conversation that Meta names; `at`: when it may have opened it. */
export interface NamedFact {
  contact: string;
  at: Date;
  wamid: string;
  metaId: string;
  origin: string;
  /** Only a `sent` status says it. */
  expiresAt: Date | null;
}

/** A status of a message, as it is stored; `second` as its time counts. */
export interface StoredStatus {
  wamid: string;
  recipient: string;
  status: string;
  second: number;
  model: string | null;
  conversation: { id: string | null; origin: string | null; expiresAtSeconds: number | null } | null;
}

/** Of a status that names no conversation. */
export const UNNAMED = { id: null, origin: null, expiresAtSeconds: null };
/** Meta's origin of a conversation that began with an ad. */
export const REFERRAL_ORIGIN = 'referral_conversion';
/** Pricing models in which a conversation has an id of its own; later each message has. */
const HISTORIC_MODELS = new Set(['CBP', 'NBP']);
export const isHistoricModel = (model: string | null): boolean => HISTORIC_MODELS.has(model?.toUpperCase() ?? '');
/** What is read was delivered, also where no status says so. */
const DELIVERED = new Set(['delivered', 'read', 'played']);
/** 9999-12-31T23:59:59Z: the last second that is an instant for everybody. */
const MAX_SECOND = 253_402_300_799;

/** The end that Meta gave; null where it is no instant. */
export const readEnd = (second: number | null): Date | null =>
  second !== null && second >= 0 && second <= MAX_SECOND ? new Date(second * 1_000) : null;

/**
 * What the statuses of messages say of conversations of the model before 2025-07, free entry points too: these open with the delivery of a
 * message of theirs (platform: conversations, §1.2 and §2), so a message that is sent, and not delivered, says nothing yet.
 * @param statuses all that are stored of these messages, in any order
 */
export function deliveredFacts(statuses: readonly StoredStatus[]): NamedFact[] {
  return [...Map.groupBy(statuses, ({ wamid }) => wamid)].flatMap(([wamid, ofMessage]) => {
    const inOrder = ofMessage.toSorted((a, b) => a.second - b.second || (nameOf(a) < nameOf(b) ? -1 : 1));
    const delivered = inOrder.find(({ status }) => DELIVERED.has(status));
    if (delivered === undefined) return [];
    return inOrder.flatMap(({ model, conversation }): NamedFact[] => {
      const { id: metaId, origin, expiresAtSeconds } = conversation ?? UNNAMED;
      if (metaId === null || origin === null || !isHistoricModel(model)) return [];
      const at = new Date(delivered.second * 1_000);
      return [{ contact: delivered.recipient, at, wamid, metaId, origin, expiresAt: readEnd(expiresAtSeconds) }];
    });
  });
}

/** Statuses of one second in one order; one message may be told of under several identifiers. */
const nameOf = ({ status, recipient }: StoredStatus) => `${status} ${recipient}`;

/**
 * The conversations that Meta has named, with what was known of them: opened by the earliest fact of it, until the
 * earliest end that Meta gave, or 24 (72) hours later. The same facts in any order give the same.
 */
export function namedConversations(known: readonly Conversation[], facts: readonly NamedFact[]): Conversation[] {
  const byId = new Map<string, Conversation>();
  for (const fact of [...known.flatMap(factOf), ...facts]) byId.set(fact.metaId, merge(byId.get(fact.metaId), fact));
  return [...byId.values()];
}

/** What is known of a conversation, as the fact that it follows from. */
const factOf = ({
  contact,
  openedAt: at,
  openedBy: wamid,
  metaId,
  category,
  metaExpiresAt,
}: Conversation): NamedFact[] =>
  metaId === null
    ? []
    : [{ contact, at, wamid, metaId, origin: category ?? REFERRAL_ORIGIN, expiresAt: metaExpiresAt }];

function merge(known: Conversation | undefined, fact: NamedFact): Conversation {
  const isEarlier =
    known === undefined ||
    fact.at < known.openedAt ||
    (+fact.at === +known.openedAt && `${fact.wamid} ${fact.contact}` < `${known.openedBy} ${known.contact}`);
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

/**
 * Conversations as free entry points leave them: one that opens ends all of category `cbp` that are open, and none opens until it ends
 * (platform: conversations, §2). What Meta names all the same was never open: it ends as it opens.
 * @param entryPoints that Meta names
 */
export function endAtEntryPoints(
  conversations: readonly Conversation[],
  entryPoints: readonly Pick<Conversation, 'openedAt' | 'expiresAt'>[],
): Conversation[] {
  return conversations.map((conversation) => {
    const ends = entryPoints.filter((entry) => conversation.kind === 'cbp' && overlap(conversation, entry));
    const end = Math.min(...ends.map(({ openedAt }) => openedAt.getTime()));
    return ends.length === 0
      ? conversation
      : { ...conversation, expiresAt: new Date(Math.max(end, conversation.openedAt.getTime())) };
  });
}

const earliest = (a: Date | null, b: Date | null) => (a === null || (b !== null && b < a) ? b : a);
