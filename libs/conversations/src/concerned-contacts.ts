import { type ContactChange, contactForms, contactKey, type HeldIdentifier, identifyContacts } from '#contacts';
import type { Tx } from '#persistence';
import type { StoredConversation } from './domain/conversation.js';
import type { ConversationNews } from './domain/conversation-news.js';
import type { FormSince } from './queries/read-conversation-facts.query.js';

/** A contact of whom there is news, with its conversations that may be concerned. */
export interface Concerned {
  n: number;
  phoneNumberId: string;
  /** The contact's key; where nobody is known, the same for all forms of the number. */
  key: string;
  /** Every key that conversations of it may stand under: those that it had before, too. */
  keys: string[];
  forms: Pick<HeldIdentifier, 'value' | 'heldFrom' | 'heldUntil'>[];
  /** The earliest of the news. */
  since: Date;
  news: ConversationNews[];
  known: StoredConversation[];
}

/** Whom the news are about, each contact once whatever it is called in them. One statement. */
export async function concernedContacts(
  tx: Tx,
  news: readonly ConversationNews[],
  changes: readonly ContactChange[],
): Promise<Concerned[]> {
  const changed = new Map(changes.map((change) => [change.contactId, change]));
  const personOf = await identify(tx, news);
  const contacts = new Map<string, Concerned>();
  for (const [index, each] of news.entries()) {
    const change = each.kind === 'identified' ? changed.get(each.contact) : undefined;
    const { key, forms } = change === undefined ? personOf(index) : personOfChange(change);
    const name = `${each.phoneNumberId} ${key}`;
    const known = contacts.get(name);
    if (known !== undefined) {
      known.news.push(each);
      known.keys.push(...(change?.takes ?? []));
      if (each.at < known.since) known.since = each.at;
      continue;
    }
    contacts.set(name, {
      n: contacts.size,
      phoneNumberId: each.phoneNumberId,
      key,
      keys: [key, ...(change?.takes ?? [])],
      forms,
      since: each.at,
      news: [each],
      known: [],
    });
  }
  return [...contacts.values()];
}

type Person = Pick<Concerned, 'key' | 'forms'>;

const personOfChange = ({ key, identifiers }: ContactChange): Person => ({
  key,
  forms: identifiers.filter(({ kind }) => kind !== 'username'),
});

/** Who was meant by the identifier of each of the news, when it happened. */
async function identify(tx: Tx, news: readonly ConversationNews[]): Promise<(index: number) => Person> {
  const nameOf = ({ phoneNumberId, contact, at }: ConversationNews) => `${phoneNumberId} ${contact} ${at.getTime()}`;
  const named = new Map(news.filter(({ kind }) => kind !== 'identified').map((each) => [nameOf(each), each] as const));
  const rows =
    named.size === 0
      ? []
      : await identifyContacts(
          tx,
          [...named.values()].map(({ phoneNumberId, contact: identifier, at }, n) => ({
            n,
            phoneNumberId,
            identifier,
            at,
          })),
        );
  const byName = new Map([...named.keys()].map((name, n) => [name, n]));
  const byN = Map.groupBy(rows, ({ n }) => n);
  return (index) => {
    const each = news[index]!;
    const found = byN.get(byName.get(nameOf(each)) ?? -1) ?? [];
    const [known] = found;
    if (known !== undefined && known.contactId !== null) return { key: known.contactKey, forms: found };
    const forms = contactForms(each.contact).map((value) => ({ value, heldFrom: new Date(0), heldUntil: null }));
    return { key: contactKey(each.contact), forms };
  };
}

/** Each identifier of a contact, with the time from `since` on in which it was the contact's; nothing that came after `last`. */
export const formsOf = ({ n, phoneNumberId, forms }: Concerned, since: Date, last: Date | null = null): FormSince[] =>
  forms
    .filter(({ heldUntil }) => heldUntil === null || heldUntil > since)
    .map(({ value, heldFrom, heldUntil }) => ({
      n,
      phoneNumberId,
      contact: value,
      since: heldFrom > since ? heldFrom : since,
      until: last === null || (heldUntil !== null && heldUntil <= last) ? heldUntil : new Date(last.getTime() + 1),
    }));
