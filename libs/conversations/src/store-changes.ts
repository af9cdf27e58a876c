import { newId, type Tx } from '#persistence';
import type { Concerned } from './concerned-contacts.js';
import { wasOpen } from './domain/conversation.js';
import { type Change, toldOfEnd } from './domain/plan-changes.js';
import { tellClients } from './queries/tell-clients.query.js';
import { dropConversations, writeConversations } from './queries/write-conversations.query.js';

/** `told` of a conversation whose clients know that it is over: that its end moved there is no news for them. */
const EXPIRED = 2;

/** What is to be written of a contact, and what falls away. */
export interface ChangesOf {
  contact: Concerned;
  write: Change[];
  drop: string[];
}

/** Writes conversations as they follow from the facts, and tells clients of what opened, or whose end moved on. */
export async function storeChanges(tx: Tx, changes: readonly ChangesOf[]): Promise<void> {
  const drop = changes.flatMap((each) => each.drop);
  const dropped = drop.length > 0 ? await dropConversations(tx, drop) : [];
  const write = changes.flatMap(({ contact: { phoneNumberId, key }, write: changed, drop: ids }) => {
    const parts = dropped.filter(({ id }) => ids.includes(id));
    return changed.map(({ id, conversation, event }) => {
      const told = id === null && !wasOpen(conversation) ? EXPIRED : toldOfEnd(conversation, parts);
      return {
        event: event === 'extended' && told === EXPIRED ? null : event,
        conversation: { ...conversation, id: id ?? newId(), phoneNumberId, contactKey: key, told },
      };
    });
  });
  if (write.length === 0) return;
  const rows = write.map(({ conversation }) => conversation);
  await writeConversations(
    tx,
    rows.toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime()),
  );
  await tellClients(
    tx,
    write.flatMap(({ event, conversation }) => (event === null ? [] : [{ event, conversation }])),
  );
}
