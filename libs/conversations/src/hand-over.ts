import type { Tx } from '#persistence';
import type { Concerned } from './concerned-contacts.js';
import type { StoredConversation } from './domain/conversation.js';
import { concernsEntry } from './domain/conversation-news.js';
import { readConversations } from './queries/read-conversations.query.js';

/** What Meta names is whoever's had the identifier when it opened: where that turns out to be another contact, it goes there. */
export async function handOver(tx: Tx, contacts: readonly Concerned[]): Promise<void> {
  giveToHolders(contacts);
  await readNamesakes(tx, contacts);
}

function giveToHolders(contacts: readonly Concerned[]): void {
  const holds = ({ forms }: Concerned, { contact, openedAt }: StoredConversation) =>
    forms.some(
      ({ value, heldFrom, heldUntil }) =>
        value === contact && heldFrom <= openedAt && (heldUntil === null || openedAt < heldUntil),
    );
  for (const contact of contacts)
    for (const row of contact.known.filter(({ metaId }) => metaId !== null)) {
      if (holds(contact, row)) continue;
      const holder = contacts.find(
        (each) => each.phoneNumberId === contact.phoneNumberId && each.news.some(concernsEntry) && holds(each, row),
      );
      if (holder === undefined) continue;
      contact.known = contact.known.filter(({ id }) => id !== row.id);
      if (!holder.known.some(({ id }) => id === row.id)) holder.known.push(row);
    }
}

/** Where what Meta names goes to another key, there may be more of that id, over since long: a key has each id once. */
async function readNamesakes(tx: Tx, contacts: readonly Concerned[]): Promise<void> {
  const movingIds = ({ key, known }: Concerned) =>
    known.flatMap(({ metaId, contactKey }) => (metaId !== null && contactKey !== key ? [metaId] : []));
  const moving = contacts.filter((contact) => movingIds(contact).length > 0);
  if (moving.length === 0) return;
  const knownOf = new Map(moving.map(({ n, known }) => [n, known]));
  for (const { n, ...row } of await readConversations(tx, moving, moving.flatMap(movingIds))) {
    const known = knownOf.get(n);
    if (known?.every(({ id }) => id !== row.id)) known.push(row);
  }
}
