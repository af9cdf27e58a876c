import { contactForms, contactKey } from './contact-forms.js';
import { type Identifier, type IdentityFact, isToldEarlier } from './identity-fact.js';
import { EVER, type NumberMark, type Tenure, tenureAt, tenuresOf } from './number-tenures.js';
import { UnionFind } from './union-find.js';

/** An identifier of a contact, and the time in which it is this one's; `firstSeenAt` null: another form of a number, for matching. */
export interface ContactIdentifier extends Identifier {
  heldFrom: Date;
  heldUntil: Date | null;
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
  /** When the contact left it for another, or it went to somebody else. */
  endedAt: Date | null;
  inboxId: string | null;
}

/**
 * The contacts that follow from everything told of them, each as its identifiers. One person: a user id and the number named with it, in the time
 * of that user; a user id and its parent; whatever took the place of what; a number and its other forms. The same facts in any order
 * give the same contacts, in the same order.
 */
export function resolveContacts(facts: readonly IdentityFact[]): ContactIdentifier[][] {
  const numbers = new Numbers(facts);
  const people = new UnionFind();
  for (const fact of facts) {
    const [a, b] = nodesOf(fact, numbers);
    people.find(a);
    if (b !== null && fact.link !== 'named') people.join(a, b);
  }
  const contacts = new Map<string, ContactIdentifier[]>();
  const keep = (node: string, identifiers: readonly ContactIdentifier[]) => {
    const contact = contacts.get(people.find(node));
    if (contact === undefined) contacts.set(people.find(node), [...identifiers]);
    else contact.push(...identifiers);
  };
  for (const [node, told] of Map.groupBy(facts.flatMap(idsOf), ({ id }) => `id ${id.value}`)) keep(node, [ofId(told)]);
  for (const line of numbers.lines())
    for (const { node, tenures } of spansOf(numbers.tenures(line), (index) => people.find(`${line} ${index}`)))
      keep(node, ofNumber(numbers, line, tenures));
  const names = Map.groupBy(
    facts.filter(({ link }) => link === 'named'),
    (fact) => people.find(nodesOf(fact, numbers)[0]),
  );
  for (const [node, told] of names) keep(node, ofNames(told));
  return [...contacts.values()].map((each) => each.toSorted(byName)).toSorted(byNames);
}

const isNumber = ({ kind }: Identifier) => kind === 'wa_id' || kind === 'phone';

/** The numbers in some facts: which are one, and who had each when. */
class Numbers {
  private readonly forms = new UnionFind();
  private readonly told: ReadonlyMap<string, readonly { id: Identifier; fact: IdentityFact }[]>;
  private readonly held = new Map<string, Tenure[]>();

  constructor(facts: readonly IdentityFact[]) {
    for (const { link, a, b } of facts)
      if (link === 'written_as' && b !== null) this.forms.join(contactKey(a.value), contactKey(b.value));
    const named = facts.flatMap((fact) =>
      [fact.a, fact.b].flatMap((id) => (id !== null && isNumber(id) ? [{ id, fact }] : [])),
    );
    this.told = Map.groupBy(named, ({ id }) => this.lineOf(id.value));
    for (const [line, told] of this.told) this.held.set(line, tenuresOf(told.flatMap((each) => this.marksOf(each))));
  }

  private marksOf({ id, fact }: { id: Identifier; fact: IdentityFact }): NumberMark[] {
    const { link, a, b, firstAt: at } = fact;
    if (link === 'together') return [{ kind: 'owner', at, userId: a.value }];
    const isMove = link === 'changed' && b !== null && isNumber(a) && isNumber(b);
    if (!isMove || this.lineOf(a.value) === this.lineOf(b.value)) return [];
    return [{ kind: id === a ? 'left' : 'arrived', at }];
  }

  lineOf = (value: string): string => this.forms.find(contactKey(value));
  lines = (): string[] => [...this.held.keys()];
  toldOf = (line: string) => this.told.get(line) ?? [];
  tenures = (line: string): Tenure[] => this.held.get(line) ?? [];

  /** The tenure of a number in which a fact names it. */
  indexOf({ link, a, firstAt }: IdentityFact, id: Identifier): number {
    const tenures = this.tenures(this.lineOf(id.value));
    if (link === 'together') return tenures.findIndex(({ userId }) => userId === a.value);
    return tenureAt(tenures, firstAt, { isBefore: link === 'changed' && id === a });
  }

  /** The tenure in which it names it last: a number alone is that of whoever has it then. */
  lastIndexOf(fact: IdentityFact, id: Identifier): number {
    const isOfOne = fact.link === 'together' || fact.link === 'changed' || fact.lastAt <= fact.firstAt;
    return isOfOne ? this.indexOf(fact, id) : tenureAt(this.tenures(this.lineOf(id.value)), fact.lastAt);
  }
}

/** Who is meant by both sides of a fact: a user, or a number in somebody's time with it. */
function nodesOf(fact: IdentityFact, numbers: Numbers): [string, string | null] {
  const nodeOf = (id: Identifier) =>
    isNumber(id) ? `${numbers.lineOf(id.value)} ${numbers.indexOf(fact, id)}` : `id ${id.value}`;
  return [nodeOf(fact.a), fact.b === null || fact.link === 'named' ? null : nodeOf(fact.b)];
}

/** The ids in a fact that are no numbers and no usernames. */
const idsOf = (fact: IdentityFact) =>
  [fact.a, fact.b].flatMap((id) => (id === null || isNumber(id) || id.kind === 'username' ? [] : [{ id, fact }]));

function ofId(told: readonly { id: Identifier; fact: IdentityFact }[]): ContactIdentifier {
  const { kind, value } = told[0]!.id;
  const successors = told.filter(({ id, fact }) => fact.link === 'changed' && id === fact.a);
  const endedAt = earliest(successors.map(({ fact }) => fact))?.firstAt ?? null;
  return { kind, value, heldFrom: EVER, heldUntil: null, ...seenBy(told.map(({ fact }) => fact)), endedAt };
}

/** Every form of a number in the time of one person. */
function ofNumber(
  numbers: Numbers,
  line: string,
  { first, last }: { first: number; last: number },
): ContactIdentifier[] {
  const tenures = numbers.tenures(line).slice(first, last + 1);
  const told = numbers.toldOf(line);
  const values = new Set(told.flatMap(({ id }) => contactForms(id.value)));
  const { until: heldUntil, leftAt } = tenures.at(-1)!;
  return [...values].map((value): ContactIdentifier => {
    const ofValue = told.filter(({ id }) => id.value === value);
    const isHere = (index: number) => index >= first && index <= last;
    const here = ofValue.filter(({ id, fact }) => isHere(numbers.indexOf(fact, id)));
    const shown = ofValue.filter(({ id, fact }) => isHere(numbers.lastIndexOf(fact, id)));
    const isMetas = told.some(({ id }) => id.value === value && id.kind === 'wa_id');
    return {
      kind: isMetas ? 'wa_id' : 'phone',
      value,
      heldFrom: tenures[0]!.from,
      heldUntil,
      ...seenBy(
        here.map(({ fact }) => fact),
        shown.map(({ fact }) => fact),
      ),
      endedAt: leftAt ?? heldUntil,
    };
  });
}

/**
 * The one name that a contact has by its identifiers, and no other contact of the portfolio: a number that nobody had before, in its shortest
 * form; else a user id; else a number with the time from which it is this one's.
 */
export function keyOfContact(contact: readonly ContactIdentifier[]): string {
  const numbers = contact.filter(isNumber);
  const least = (names: readonly string[]) => names.toSorted()[0];
  const valuesOf = (kind: string) => contact.filter((each) => each.kind === kind).map(({ value }) => value);
  return (
    least(numbers.filter(({ heldFrom }) => +heldFrom === +EVER).map(({ value }) => contactKey(value))) ??
    least(valuesOf('user_id')) ??
    least(valuesOf('parent_user_id')) ??
    least(numbers.map(({ value, heldFrom }) => `${contactKey(value)} ${heldFrom.toISOString()}`)) ??
    ''
  );
}

/** Tenures in a row that are one person's. */
function spansOf(
  tenures: readonly Tenure[],
  personOf: (index: number) => string,
): { node: string; tenures: { first: number; last: number } }[] {
  const spans: { node: string; tenures: { first: number; last: number } }[] = [];
  for (const index of tenures.keys()) {
    const node = personOf(index);
    const before = spans.at(-1);
    if (before?.node === node) before.tenures.last = index;
    else spans.push({ node, tenures: { first: index, last: index } });
  }
  return spans;
}

/** Usernames of one person: each until the next. */
function ofNames(told: readonly IdentityFact[]): ContactIdentifier[] {
  const inOrder = [...Map.groupBy(told, ({ b }) => b?.value ?? '')]
    .map(([value, facts]) => ({ value, facts, from: earliest(facts)!.firstAt.getTime() }))
    .toSorted((a, b) => a.from - b.from || (a.value < b.value ? -1 : 1));
  let last = -1;
  const starts = inOrder.map(({ from }) => (last = Math.max(from, last + 1)));
  return inOrder.map(({ value, facts }, index) => {
    const next = starts[index + 1];
    const heldUntil = next === undefined ? null : new Date(next);
    const heldFrom = new Date(starts[index]!);
    return { kind: 'username', value, heldFrom, heldUntil, ...seenBy(facts), endedAt: heldUntil };
  });
}

/** @param shown those of which the last time counts here, too */
function seenBy(
  facts: readonly IdentityFact[],
  shown = facts,
): Pick<ContactIdentifier, 'firstSeenAt' | 'lastSeenAt' | 'inboxId'> {
  const first = earliest(facts);
  if (first === null) return { firstSeenAt: null, lastSeenAt: null, inboxId: null };
  const lastAt = Math.max(first.firstAt.getTime(), ...shown.map((fact) => fact.lastAt.getTime()));
  return { firstSeenAt: first.firstAt, lastSeenAt: new Date(lastAt), inboxId: first.inboxId };
}

const earliest = (facts: readonly IdentityFact[]): IdentityFact | null =>
  facts.reduce<IdentityFact | null>(
    (first, fact) => (first === null || isToldEarlier(fact, first) ? fact : first),
    null,
  );

const byName = (a: ContactIdentifier, b: ContactIdentifier): number =>
  compare(a.kind, b.kind) || compare(a.value, b.value) || a.heldFrom.getTime() - b.heldFrom.getTime();
/** Of two contacts with one username the next identifier tells: of everything else, each is held by one contact at a time. */
const byNames = (a: readonly ContactIdentifier[], b: readonly ContactIdentifier[]): number =>
  a.map((id, index) => (b[index] === undefined ? 1 : byName(id, b[index]))).find((order) => order !== 0) ??
  Math.sign(a.length - b.length);
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
