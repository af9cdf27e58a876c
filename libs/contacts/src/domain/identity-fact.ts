import type { Identity, PersonName } from '#graph-api';

/** `wa_id`: digits by which Meta names somebody; `phone`: digits that were written to, and that Meta names otherwise. */
export const IDENTIFIER_KINDS = ['phone', 'wa_id', 'user_id', 'parent_user_id', 'username'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** Something that names a person. */
export interface Identifier {
  kind: IdentifierKind;
  value: string;
}

/**
 * seen        `a` was named alone
 * together    `a` and `b` were named as one person: a user id with a number or with its parent
 * changed     `b` took the place of `a`
 * written_as  `a` was written to, and Meta named `b` as its recipient
 * named       `b` is the username of `a`; it joins nobody, since usernames go from one person to another
 */
export type FactLink = 'seen' | 'together' | 'changed' | 'written_as' | 'named';

/** Something that was told of who is who, the first and the last time. Two of the same are one: `mergeFacts`. */
export interface IdentityFact {
  link: FactLink;
  a: Identifier;
  b: Identifier | null;
  firstAt: Date;
  /** When the contact last showed it, to the hour; 1970 when only statuses of messages to them did. */
  lastAt: Date;
  /** Notification that told it first; null: an answer of Graph. */
  inboxId: string | null;
}

/** Where and when a fact was told. `isHeard`: by the contact, and not by what became of a message to them. */
export interface Telling {
  at: Date;
  inboxId: string | null;
  isHeard: boolean;
}

const HOUR_MS = 60 * 60_000;

/** What an item tells of who is who. */
export function factsOfIdentity({ person, before }: Identity, telling: Telling): IdentityFact[] {
  const { waId, userId, parentUserId, username } = identifiersOf(person);
  const fact = factBy(telling);
  const subject = userId ?? waId;
  const pairs = [
    ...(userId !== null && waId !== null ? [fact('together', userId, waId)] : []),
    ...(userId !== null && parentUserId !== null ? [fact('together', userId, parentUserId)] : []),
    ...(subject !== null && username !== null ? [fact('named', subject, username)] : []),
  ];
  const lone = subject ?? parentUserId;
  const isPaired = pairs.some(({ link }) => link === 'together');
  const seen = lone === null || isPaired ? [] : [fact('seen', lone, null)];
  return [...pairs, ...seen, ...(before === null ? [] : changes(identifiersOf(before), identifiersOf(person), fact))];
}

/**
 * Each identifier that has a successor of its kind; where none has, the change is from what is known of one name to what is known
 * of the other.
 */
function changes(before: Identifiers, after: Identifiers, fact: ReturnType<typeof factBy>): IdentityFact[] {
  const kinds = ['waId', 'userId', 'parentUserId'] as const;
  const alike = kinds.flatMap((kind) => {
    const [a, b] = [before[kind], after[kind]];
    return a !== null && b !== null ? [{ a, b }] : [];
  });
  if (alike.length > 0) return alike.filter(({ a, b }) => a.value !== b.value).map(({ a, b }) => fact('changed', a, b));
  const a = before.userId ?? before.waId ?? before.parentUserId;
  const b = after.userId ?? after.waId ?? after.parentUserId;
  return a === null || b === null ? [] : [fact('changed', a, b)];
}

/** Forms of one number differ in what stands before these. */
const SAME_LAST_DIGITS = 7;

/**
 * A message was written to this identifier, and Meta names its recipient otherwise; nothing when it does not. Of two numbers only what
 * may be forms of one: a wrong answer must not make one person of two.
 */
export function factsOfRecipient(written: Identifier, { person }: Identity, telling: Telling): IdentityFact[] {
  const { waId, userId } = identifiersOf(person);
  const fact = factBy(telling);
  if (written.kind === 'user_id') return waId === null ? [] : [fact('together', written, waId)];
  const endOf = (id: Identifier) => id.value.slice(-SAME_LAST_DIGITS);
  if (waId !== null)
    return waId.value === written.value || endOf(waId) !== endOf(written) ? [] : [fact('written_as', written, waId)];
  return userId === null ? [] : [fact('together', userId, { kind: 'wa_id', value: written.value })];
}

type Identifiers = Record<keyof PersonName, Identifier | null>;

const identifiersOf = ({ waId, userId, parentUserId, username }: PersonName): Identifiers => ({
  waId: waId === null ? null : { kind: 'wa_id', value: waId },
  userId: userId === null ? null : { kind: 'user_id', value: userId },
  parentUserId: parentUserId === null ? null : { kind: 'parent_user_id', value: parentUserId },
  username: username === null ? null : { kind: 'username', value: username },
});

const factBy =
  ({ at, inboxId, isHeard }: Telling) =>
  (link: FactLink, a: Identifier, b: Identifier | null): IdentityFact => ({
    link,
    a,
    b,
    firstAt: at,
    lastAt: new Date(isHeard ? Math.floor(at.getTime() / HOUR_MS) * HOUR_MS : 0),
    inboxId,
  });

/** The same for all tellings of one fact. */
export const factName = ({ link, a, b }: Pick<IdentityFact, 'link' | 'a' | 'b'>): string =>
  [link, a.kind, a.value, b?.kind ?? '', b?.value ?? ''].join('\n');

/** Each fact once. The same facts in any order, in any portions and any number of times give the same. */
export function mergeFacts(facts: readonly IdentityFact[]): IdentityFact[] {
  const merged = new Map<string, IdentityFact>();
  for (const fact of facts) {
    const known = merged.get(factName(fact));
    merged.set(factName(fact), known === undefined ? fact : joined(known, fact));
  }
  return [...merged.values()];
}

const joined = (a: IdentityFact, b: IdentityFact): IdentityFact => ({
  ...(isToldEarlier(b, a) ? b : a),
  lastAt: a.lastAt > b.lastAt ? a.lastAt : b.lastAt,
});

/** Whether a telling comes before another; of two in one moment the one of the older notification. */
export const isToldEarlier = (
  a: Pick<IdentityFact, 'firstAt' | 'inboxId'>,
  b: Pick<IdentityFact, 'firstAt' | 'inboxId'>,
): boolean => a.firstAt < b.firstAt || (+a.firstAt === +b.firstAt && (a.inboxId ?? '~') < (b.inboxId ?? '~'));
