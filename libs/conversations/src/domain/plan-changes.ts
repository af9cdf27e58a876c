import { type Conversation, overlap, type StoredConversation, wasOpen } from './conversation.js';

/** What of a conversation is to be written, and what clients are told of it. `id` null: it is new. */
export interface Change {
  id: string | null;
  conversation: Conversation;
  event: 'opened' | 'extended' | null;
}

/** From what is stored to what is true. */
export interface Changes {
  write: Change[];
  drop: string[];
}

/**
 * Compares the stored conversations of a contact with those that follow from all facts. A conversation keeps its row when facts
 * that came late move its opening, or join it to the next one; the row of that one goes. One that Meta names takes the row of what
 * Herald had opened in its place. One that stands under another key than `key`, since its contact turned out to be this one, gets this key.
 */
export function planChanges(
  known: readonly StoredConversation[],
  wanted: readonly Conversation[],
  key: string,
): Changes {
  const left = new Set(known.toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime()));
  const write: Change[] = [];
  for (const conversation of wanted) {
    const row = rowOf(conversation, [...left]);
    if (row === undefined) write.push({ id: null, conversation, event: wasOpen(conversation) ? 'opened' : null });
    else {
      left.delete(row);
      const isLonger = conversation.expiresAt > row.expiresAt;
      if (differs(row, conversation) || row.contactKey !== key)
        write.push({ id: row.id, conversation, event: !isLonger ? null : wasOpen(row) ? 'extended' : 'opened' });
    }
  }
  return { write, drop: [...left].map(({ id }) => id) };
}

/** A row that went, and what clients had been told of its end: 0 nothing, 1 that it comes soon, 2 that it came. */
export interface Dropped extends Pick<Conversation, 'kind' | 'expiresAt'> {
  id: string;
  told: number;
}

/** What clients know of the end of a conversation by rows that turned out to be part of it: each end is told once. */
export const toldOfEnd = (
  { kind, expiresAt }: Pick<Conversation, 'kind' | 'expiresAt'>,
  dropped: readonly Dropped[],
): number =>
  Math.max(0, ...dropped.filter((row) => row.kind === kind && +row.expiresAt === +expiresAt).map(({ told }) => told));

function rowOf(wanted: Conversation, rows: readonly StoredConversation[]): StoredConversation | undefined {
  const named = wanted.metaId === null ? undefined : rows.find(({ metaId }) => metaId === wanted.metaId);
  return named ?? rows.find((row) => row.metaId === null && row.kind === wanted.kind && overlap(row, wanted));
}

/** Stored and wanted have the same members, beside the id. */
const differs = (row: StoredConversation, wanted: Conversation) =>
  (Object.keys(wanted) as (keyof Conversation)[]).some((key) => valueOf(row[key]) !== valueOf(wanted[key]));

const valueOf = (value: Date | string | number | null) => (value instanceof Date ? value.getTime() : value);
