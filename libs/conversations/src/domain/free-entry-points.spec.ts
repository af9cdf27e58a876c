import { describe, expect, it } from '@jest/globals';
import { freeEntryPoints } from './free-entry-points.js';
import { namedConversations, type NamedFact } from './meta-conversations.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T12:00:00Z');
const contact = '15550100101';
const at = (hours: number, seconds = 0) => new Date(START + hours * HOUR + seconds * 1_000);
const answers = (...times: Date[]) => times.map((time, index) => ({ contact, at: time, id: `w${index}` }));
const hoursOf = (time: Date) => (time.getTime() - START) / HOUR;
const named = (fact: Partial<NamedFact>): NamedFact => ({
  contact,
  at: at(0),
  wamid: 'w',
  metaId: 'm',
  origin: 'referral_conversion',
  expiresAt: null,
  ...fact,
});
const SECOND = 1 / 3_600;

describe('freeEntryPoints', () => {
  it.each<[string, Date[], Date[], number[][]]>([
    ['no answer: none', [at(0)], [], []],
    ['no referral: none', [], [at(1)], []],
    ['answered: 72 hours from the answer', [at(0)], [at(2)], [[2, 74]]],
    ['answered in the same second', [at(0)], [at(0)], [[0, 72]]],
    ['what was sent before is no answer', [at(0)], [at(0, -1)], []],
    ['answered a second before 24 hours', [at(0)], [at(24, -1)], [[24 - SECOND, 96 - SECOND]]],
    ['answered after 24 hours to the second: none', [at(0)], [at(24)], []],
    ['answered a second later: none', [at(0)], [at(24, 1)], []],
    ['the first answer counts', [at(0)], [at(5), at(2), at(9)], [[2, 74]]],
    ['another referral while it is open: nothing new', [at(0), at(50)], [at(1), at(51)], [[1, 73]]],
    ['an answer a second before its end: nothing new', [at(0), at(60)], [at(1), at(73, -1)], [[1, 73]]],
    [
      'an answer at its end, to the second: another',
      [at(0), at(60)],
      [at(1), at(73)],
      [
        [1, 73],
        [73, 145],
      ],
    ],
    ['a referral answered while one was open has had its answer', [at(0), at(60)], [at(1), at(61), at(74)], [[1, 73]]],
    [
      'a second referral after the first: its own',
      [at(0), at(100)],
      [at(1), at(101)],
      [
        [1, 73],
        [101, 173],
      ],
    ],
  ])('%s', (_name, referrals, answered, expected) => {
    for (const given of [answers(...answered), answers(...answered).reverse()]) {
      const found = freeEntryPoints({ referrals, answers: given }, [], at(-100));
      expect(found.map(({ openedAt, expiresAt }) => [hoursOf(openedAt), hoursOf(expiresAt)])).toEqual(expected);
    }
  });

  it('begins where it is asked to: earlier answers were answers all the same', () => {
    const facts = { referrals: [at(0)], answers: answers(at(1), at(2)) };
    expect(freeEntryPoints(facts, [], at(2))).toEqual([]);
  });

  it('gives way to the one that Meta names', () => {
    const metas = namedConversations([], [named({ at: at(2), expiresAt: at(73) })]);
    expect(freeEntryPoints({ referrals: [at(0)], answers: answers(at(1)) }, metas, at(0))).toEqual([]);
  });
});

describe('namedConversations', () => {
  it('are the same in whatever order statuses come', () => {
    const facts = [
      named({ at: at(1), wamid: 'w1', expiresAt: at(72) }),
      named({ at: at(2), wamid: 'w2' }),
      named({ at: at(1), wamid: 'w0' }),
      named({ metaId: 'n', origin: 'utility', at: at(3) }),
    ];
    const all = namedConversations([], facts);
    expect(all).toMatchObject([
      { kind: 'free_entry_point', category: null, openedAt: at(1), openedBy: 'w0', expiresAt: at(72), metaId: 'm' },
      { kind: 'cbp', category: 'utility', openedAt: at(3), expiresAt: at(27), metaExpiresAt: null },
    ]);
    const byId = (rows: typeof all) => rows.toSorted((a, b) => (a.metaId! < b.metaId! ? -1 : 1));
    const oneByOne = facts.toReversed().reduce((known, fact) => namedConversations(known, [fact]), [] as typeof all);
    expect(byId(oneByOne)).toEqual(byId(all));
  });

  it('without a usable end last 24 or 72 hours', () => {
    expect(namedConversations([], [named({ expiresAt: at(-1) })])).toMatchObject([{ expiresAt: at(72) }]);
  });
});
