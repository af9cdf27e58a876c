import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factsOfIdentity, factsOfRecipient, type IdentityFact, mergeFacts } from './identity-fact.js';
import { resolveContacts } from './resolve-contacts.js';

const NAME = { waId: null, userId: null, parentUserId: null, username: null };
const at = (second: number) => new Date(1_790_000_000_000 + second * 1_000);
const notification = (second: number) => `01990000-0000-7000-8000-${String(second).padStart(12, '0')}`;
const telling = (second: number) => ({ at: at(second), inboxId: notification(second), isHeard: true });
/** A person was named so. */
const named = (second: number, person: Partial<typeof NAME> | Record<string, string>) =>
  factsOfIdentity({ person: { ...NAME, ...person }, before: null }, telling(second));
/** A person who was named so until then is named otherwise. */
const changed = (second: number, before: Record<string, string>, person: Record<string, string>) =>
  factsOfIdentity({ person: { ...NAME, ...person }, before: { ...NAME, ...before } }, telling(second));
const answered = (second: number, written: string, waId: string) =>
  factsOfRecipient({ kind: 'phone', value: written }, { person: { ...NAME, waId }, before: null }, telling(second));

/** Contacts as their identifiers, those that a number's form or a username adds left out. */
const peopleIn = (...facts: IdentityFact[][]) =>
  resolveContacts(mergeFacts(facts.flat())).map((contact) => [
    ...new Set(
      contact.filter(({ firstSeenAt, kind }) => firstSeenAt !== null && kind !== 'username').map((id) => id.value),
    ),
  ]);

const [A, B, C] = ['15550100001', '15550100002', '15550100003'];
const [U1, U2, U3] = ['US.1', 'US.2', 'US.3'];

describe('one contact', () => {
  it.each<[string, IdentityFact[][], string[][]]>([
    ['a number that is named alone', [named(0, { waId: A })], [[A]]],
    ['a user id without a number', [named(0, { userId: U1 })], [[U1]]],
    ['a number and the user id named with it', [named(0, { waId: A }), named(1, { waId: A, userId: U1 })], [[U1, A]]],
    ['a user id and its parent', [named(0, { userId: U1, parentUserId: 'US.ENT.1' })], [['US.ENT.1', U1]]],
    [
      'two user ids of one parent',
      [named(0, { userId: U1, parentUserId: 'US.ENT.1' }), named(1, { userId: U2, parentUserId: 'US.ENT.1' })],
      [['US.ENT.1', U1, U2]],
    ],
    ['two numbers, neither with a user id', [named(0, { waId: A }), named(0, { waId: B })], [[A], [B]]],
    [
      'a number and the one after it',
      [named(0, { waId: A }), changed(5, { waId: A }, { waId: B }), named(9, { waId: B })],
      [[A, B]],
    ],
    [
      'a number that is heard before the change to it is told',
      [named(3, { waId: B }), changed(5, { waId: A }, { waId: B })],
      [[A, B]],
    ],
    [
      'a user id and the one after it',
      [named(0, { userId: U1 }), changed(5, { userId: U1 }, { userId: U2 })],
      [[U1, U2]],
    ],
    [
      'user ids of one number, one after the other',
      [
        named(0, { waId: A, userId: U1 }),
        changed(5, { userId: U1 }, { userId: U2 }),
        named(6, { waId: A, userId: U2 }),
      ],
      [[U1, U2, A]],
    ],
    [
      'a user id whose predecessor only the number tells',
      [named(0, { waId: A, userId: U1 }), changed(5, { waId: A }, { userId: U2 }), named(6, { waId: A, userId: U2 })],
      [[U1, U2, A]],
    ],
    [
      'a number that was written to otherwise',
      [answered(0, '5500955500101', '550055500101')],
      [['5500955500101', '550055500101']],
    ],
    [
      'the other form of a number',
      [named(0, { waId: '5511987654321' }), named(1, { waId: '551187654321', userId: U1 })],
      [[U1, '551187654321', '5511987654321']],
    ],
    [
      'who comes back to a number',
      [
        named(0, { waId: A, userId: U1 }),
        changed(5, { waId: A, userId: U1 }, { waId: B, userId: U2 }),
        changed(9, { waId: B, userId: U2 }, { waId: A, userId: U3 }),
      ],
      [[U1, U2, U3, A, B]],
    ],
  ])('is %s', (_name, facts, people) => {
    expect(peopleIn(...facts)).toEqual(people);
  });
});

describe('a number that goes to somebody else', () => {
  const moved = [named(0, { waId: A, userId: U1 }), changed(5, { waId: A, userId: U1 }, { waId: B, userId: U2 })];

  it('is theirs from the change on, and was the other’s before', () => {
    const contacts = resolveContacts([...moved, named(100, { waId: A, userId: U3 })].flat());
    expect(
      contacts.map((contact) => contact.map(({ value, heldFrom, heldUntil }) => [value, +heldFrom, heldUntil])),
    ).toEqual([
      [
        [U1, 0, null],
        [U2, 0, null],
        [A, 0, at(5)],
        [B, 0, null],
      ],
      [
        [U3, 0, null],
        [A, +at(5), null],
      ],
    ]);
  });

  it('joins nobody, also when the change was never told', () => {
    expect(peopleIn(named(0, { waId: A, userId: U1 }), named(9, { waId: A, userId: U2 }))).toEqual([
      [U1, A],
      [U2, A],
    ]);
  });

  it('is told by whoever moves to it, when its holder had left', () => {
    expect(peopleIn(changed(5, { waId: A }, { waId: B }), changed(9, { waId: C }, { waId: A }))).toEqual([
      [A, B],
      [A, C],
    ]);
  });

  it('is nobody else’s while only its holder had it', () => {
    const contacts = resolveContacts(moved.flat());
    expect(contacts).toHaveLength(1);
    expect(contacts[0]!.find(({ value }) => value === A)).toMatchObject({ heldUntil: null, endedAt: at(5) });
  });
});

describe('the history of a contact', () => {
  it('says when each identifier was seen, by which notification, and when it ended', () => {
    const [contact] = resolveContacts(
      mergeFacts([
        ...named(10, { waId: A, userId: U1, username: 'ann' }),
        ...named(20, { waId: A, userId: U1, username: 'anna' }),
        ...changed(7_200, { userId: U1 }, { userId: U2 }),
      ]),
    );
    const rows = contact!.map(({ kind, value, firstSeenAt, inboxId, endedAt }) => [
      kind,
      value,
      firstSeenAt,
      inboxId,
      endedAt,
    ]);
    expect(rows).toEqual([
      ['user_id', U1, at(10), notification(10), at(7_200)],
      ['user_id', U2, at(7_200), notification(7_200), null],
      ['username', 'ann', at(10), notification(10), at(20)],
      ['username', 'anna', at(20), notification(20), null],
      ['wa_id', A, at(10), notification(10), null],
    ]);
  });

  it('has the other form of a number for matching, and calls what was written a phone', () => {
    const [contact] = resolveContacts([
      ...named(0, { waId: '5511987654321' }),
      ...answered(1, '5500955500101', '550055500101'),
    ]);
    expect(contact).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'phone', value: '5500955500101', firstSeenAt: at(1) })]),
    );
    const [, brazilian] = resolveContacts([
      ...answered(1, '5500955500101', '550055500101'),
      ...named(0, { waId: '5511987654321' }),
    ]);
    expect(brazilian!.map(({ kind, value, firstSeenAt }) => [kind, value, firstSeenAt])).toEqual([
      ['phone', '551187654321', null],
      ['wa_id', '5511987654321', at(0)],
    ]);
  });
});

describe('the same facts', () => {
  const value = (prefix: string) => fc.integer({ min: 1, max: 4 }).map((n) => `${prefix}${n}`);
  const some = (prefix: string) => fc.option(value(prefix), { nil: null });
  const name = fc.record({
    waId: some('1555010000'),
    userId: some('US.'),
    parentUserId: some('US.ENT.'),
    username: some('n'),
  });
  const told = fc
    .record({ second: fc.integer({ min: 0, max: 12 }), person: name, before: fc.option(name, { nil: null }) })
    .map(({ second, ...identity }) => factsOfIdentity(identity, telling(second)));
  const written = fc
    .record({ second: fc.integer({ min: 0, max: 12 }), from: value('1555010000'), to: value('1555010000') })
    .map(({ second, from, to }) => answered(second, from, to));
  const everything = fc.array(fc.oneof({ weight: 5, arbitrary: told }, { weight: 1, arbitrary: written }), {
    maxLength: 12,
  });

  it('give the same contacts in any order, in any portions and twice', () => {
    fc.assert(
      fc.property(
        everything.chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length })),
        ),
        ([facts, shuffled]) => {
          const inPortions = shuffled.reduce<IdentityFact[]>(
            (known, portion) => mergeFacts([...known, ...portion]),
            [],
          );
          expect(resolveContacts(inPortions)).toEqual(resolveContacts(mergeFacts(facts.flat())));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('give the same order to two people with one username', () => {
    const [first, second] = [named(5, { waId: B, username: 'n1' }), named(5, { waId: A, username: 'n1' })];
    expect(resolveContacts([...first, ...second])).toEqual(resolveContacts([...second, ...first]));
  });

  it('give each identifier to one contact at any instant', () => {
    fc.assert(
      fc.property(everything, (facts) => {
        const contacts = resolveContacts(mergeFacts(facts.flat()));
        const held = contacts.flatMap((contact, n) =>
          contact.filter(({ kind }) => kind !== 'username').map((id) => ({ n, ...id })),
        );
        for (const [, rows] of Map.groupBy(held, ({ value: each }) => each)) {
          const inOrder = rows.toSorted((a, b) => +a.heldFrom - +b.heldFrom);
          expect(+inOrder[0]!.heldFrom).toBe(0);
          for (const [index, row] of inOrder.entries())
            expect(row.heldUntil).toEqual(inOrder[index + 1]?.heldFrom ?? null);
        }
      }),
      { numRuns: 500 },
    );
  });
});
