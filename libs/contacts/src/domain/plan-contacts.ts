import { EVER } from './number-tenures.js';
import { type ContactIdentifier, keyOfContact } from './resolve-contacts.js';

/** An identifier of a contact, as it is stored. */
export interface StoredIdentifier extends ContactIdentifier {
  contactId: string;
  contactKey: string;
}

/** A contact that is not as it is stored. */
export interface ChangedContact {
  contactId: string;
  /** From `keyOfContact`: what is kept of the contact stands under it. */
  key: string;
  isNew: boolean;
  identifiers: ContactIdentifier[];
  /** Contacts that turned out to be this one. */
  absorbed: string[];
  /** Keys under which something of it may be kept: of other contacts, of identifiers that it had not, its own until now. */
  formerly: string[];
  /** Of these the ones that are nobody's key any more: everything under them is its own. */
  takes: string[];
}

/**
 * Gives each contact the id that it has in the store: the oldest of those whose identifiers it has; of one that fell apart the first
 * part keeps it.
 * @param contacts as they follow from all facts, in their order
 * @param stored identifiers of every contact that shares one with them
 * @returns those that differ from the store
 */
export function planContacts(
  contacts: readonly ContactIdentifier[][],
  stored: readonly StoredIdentifier[],
  newId: () => string,
): ChangedContact[] {
  const rowsOf = Map.groupBy(stored, ({ contactId }) => contactId);
  const storedKeyOf = (contactId: string) => (rowsOf.get(contactId) ?? []).slice(0, 1).map((row) => row.contactKey);
  const candidates = candidatesOf(contacts, stored);
  const taken = new Set<string>();
  const ids = candidates.map((candidate) => {
    const id = candidate.find((each) => !taken.has(each));
    if (id !== undefined) taken.add(id);
    return id;
  });
  const absorbedBy = new Map<string, number>();
  for (const [index, candidate] of candidates.entries())
    for (const id of candidate) if (!taken.has(id) && !absorbedBy.has(id)) absorbedBy.set(id, index);
  const keys = contacts.map(keyOfContact);
  const claimed = new Set(keys);
  return contacts.flatMap((identifiers, index): ChangedContact[] => {
    const [id, key] = [ids[index], keys[index]!];
    const before = id === undefined ? [] : (rowsOf.get(id) ?? []);
    if (isAsBefore(before, identifiers)) return [];
    const others = candidates[index]!.filter((each) => each !== id);
    const joined = identifiers.filter((each) => isFirstHolder(each) && !before.some((row) => isHeldAlike(row, each)));
    const isOther =
      before[0]?.contactKey !== key || before.some((row) => !identifiers.some((each) => isHeldAlike(row, each)));
    const formerly = [
      ...new Set([
        ...others.flatMap(storedKeyOf),
        ...joined.map(({ value }) => value),
        ...(isOther && id !== undefined ? storedKeyOf(id) : []),
      ]),
    ];
    const takes = formerly.filter((each) => !claimed.has(each));
    for (const each of takes) claimed.add(each);
    const absorbed = others.filter((each) => absorbedBy.get(each) === index);
    return [{ contactId: id ?? newId(), key, isNew: id === undefined, identifiers, absorbed, formerly, takes }];
  });
}

/** Oldest first: ids are ordered by time. */
function candidatesOf(contacts: readonly ContactIdentifier[][], stored: readonly StoredIdentifier[]): string[][] {
  const isMatching = ({ kind }: ContactIdentifier) => kind !== 'username';
  const rowsNamed = Map.groupBy(stored.filter(isMatching), ({ value }) => value);
  return contacts.map((contact) => {
    const shared = contact
      .filter(isMatching)
      .flatMap((each) => (rowsNamed.get(each.value) ?? []).filter((row) => overlap(each, row)));
    return [...new Set(shared.map(({ contactId }) => contactId))].sort();
  });
}

const overlap = (a: ContactIdentifier, b: ContactIdentifier) =>
  (b.heldUntil === null || a.heldFrom < b.heldUntil) && (a.heldUntil === null || b.heldFrom < a.heldUntil);

const isHeldAlike = (a: ContactIdentifier, b: ContactIdentifier) =>
  a.value === b.value && +a.heldFrom === +b.heldFrom && valueOf(a.heldUntil) === valueOf(b.heldUntil);

/** Under an identifier by which nobody was known stands what is of the first who had it. */
const isFirstHolder = ({ kind, heldFrom }: ContactIdentifier) => kind !== 'username' && +heldFrom === +EVER;

const isAsBefore = (rows: readonly StoredIdentifier[], wanted: readonly ContactIdentifier[]) =>
  rows.length === wanted.length && wanted.every((each) => rows.some((row) => isSame(row, each)));

const isSame = (row: StoredIdentifier, wanted: ContactIdentifier) =>
  (Object.keys(wanted) as (keyof ContactIdentifier)[]).every((key) => valueOf(row[key]) === valueOf(wanted[key]));

const valueOf = (value: Date | string | null) => (value instanceof Date ? value.getTime() : value);
