import { type Conversation, overlap } from './conversation.js';
import { WINDOW_MS } from './window-state.js';

/** How long a free entry point lasts, ms (platform: conversations, §1.2). */
export const FREE_ENTRY_POINT_MS = 72 * 60 * 60_000;

/** What free entry points follow from. */
export interface EntryFacts {
  /** When the contact wrote through an ad or a page's button. */
  referrals: readonly Date[];
  /** Messages of ours to the contact, of any type, when Meta sent them. */
  answers: readonly { contact: string; at: Date; id: string }[];
}

/**
 * The free entry points that open at `from` or later: the first answer to a referred message opens one if it comes within 24 hours,
 * unless one is open. Where Meta names one itself, that one holds and nothing beside it.
 * @param facts all of the 24 hours before `from`, and since
 * @param named by Meta; also how one of the model before 2025-07 is known, which its answer's delivery opened
 */
export function freeEntryPoints(
  { referrals, answers }: EntryFacts,
  named: readonly Conversation[],
  from: Date,
): Conversation[] {
  const inOrder = answers.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
  const found: Conversation[] = [];
  for (const referredAt of referrals.toSorted((a, b) => a.getTime() - b.getTime())) {
    const answer = inOrder.find(({ at }) => at >= referredAt);
    const isInTime = answer !== undefined && answer.at.getTime() - referredAt.getTime() < WINDOW_MS;
    if (!isInTime || answer.at < from) continue;
    const entry = openedBy(answer);
    if (![...found, ...named].some((open) => overlap(open, entry))) found.push(entry);
  }
  return found;
}

const openedBy = ({ contact, at, id }: EntryFacts['answers'][number]): Conversation => ({
  kind: 'free_entry_point',
  category: null,
  contact,
  openedAt: at,
  openedBy: id,
  lastHeardAt: at,
  certainUntil: null,
  extendedCount: 0,
  expiresAt: new Date(at.getTime() + FREE_ENTRY_POINT_MS),
  metaId: null,
  metaExpiresAt: null,
});
