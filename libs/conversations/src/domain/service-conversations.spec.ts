import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Conversation, StoredConversation } from './conversation.js';
import { type Dropped, planChanges, toldOfEnd } from './plan-changes.js';
import { type HeardFact, serviceConversationAt, serviceConversations } from './service-conversations.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T12:00:00Z');
const CONTACT = '15550100101';
const at = (hours: number, seconds = 0) => new Date(START + hours * HOUR + seconds * 1_000);
const heard = (when: Date, id = `w${when.getTime()}`, isHint = false): HeardFact => ({
  contact: CONTACT,
  at: when,
  id,
  isHint,
});
const spans = (windows: readonly Conversation[]) =>
  windows.map(({ openedAt, expiresAt, extendedCount }) => [
    (openedAt.getTime() - START) / HOUR,
    (expiresAt.getTime() - START) / HOUR,
    extendedCount,
  ]);

describe('serviceConversations', () => {
  it.each<[string, Date[], number[][]]>([
    ['nothing was heard: none', [], []],
    ['one message: 24 hours', [at(0)], [[0, 24, 0]]],
    ['one more within them: the end moves', [at(0), at(5)], [[0, 29, 1]]],
    ['a second before the end: the end moves', [at(0), at(24, -1)], [[0, 48 - 1 / 3_600, 1]]],
    [
      'at the end, to the second: another',
      [at(0), at(24)],
      [
        [0, 24, 0],
        [24, 48, 0],
      ],
    ],
    [
      'a second after the end: another',
      [at(0), at(24, 1)],
      [
        [0, 24, 0],
        [24 + 1 / 3_600, 48 + 1 / 3_600, 0],
      ],
    ],
    ['a late one between two: they are one', [at(0), at(30), at(15)], [[0, 54, 2]]],
    ['an earlier one that comes last: it opened it', [at(5), at(0)], [[0, 29, 1]]],
    ['two of one second: one instant', [at(0), at(0), at(3), at(3)], [[0, 27, 1]]],
  ])('%s', (_name, times, expected) => {
    const facts = times.map((time, index) => heard(time, `w${index}`));
    expect(spans(serviceConversations(null, facts))).toEqual(expected);
  });

  it('opened by the least id of the first second', () => {
    const [window] = serviceConversations(null, [heard(at(0), 'w2'), heard(at(0), 'w1')]);
    expect(window).toMatchObject({ openedBy: 'w1', lastHeardAt: at(0) });
  });

  it('is certain for as long as more than a reaction speaks for it', () => {
    const [window] = serviceConversations(null, [heard(at(0), 'a'), heard(at(20), 'b', true)]);
    expect(window).toMatchObject({ certainUntil: at(24), expiresAt: at(44) });
    expect(serviceConversations(null, [heard(at(0), 'a', true)])[0]).toMatchObject({ certainUntil: null });
  });

  it('goes on from what is stored as if all had been read', () => {
    const [before] = serviceConversations(null, [heard(at(0)), heard(at(4))]);
    const later = [heard(at(20)), heard(at(60))];
    expect(serviceConversations(before!, later)).toEqual(
      serviceConversations(null, [heard(at(0)), heard(at(4)), ...later]),
    );
  });

  it('are disjoint, cover every fact, and do not depend on the order of facts', () => {
    const minute = fc.integer({ min: 0, max: 10 * 24 * 60 });
    fc.assert(
      fc.property(fc.array(minute, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (minutes, keys) => {
        const facts = minutes.map((each, index) => heard(at(0, each * 60), `w${index}`));
        const shuffled = facts.map((fact) => [keys.next().value, fact] as const).sort(([a], [b]) => a! - b!);
        const windows = serviceConversations(null, facts);
        expect(
          serviceConversations(
            null,
            shuffled.map(([, fact]) => fact),
          ),
        ).toEqual(windows);
        for (const [index, { openedAt }] of windows.entries())
          expect(openedAt.getTime()).toBeGreaterThanOrEqual(windows[index - 1]?.expiresAt.getTime() ?? 0);
        for (const fact of facts)
          expect(windows.filter((window) => window.openedAt <= fact.at && fact.at < window.expiresAt)).toHaveLength(1);
      }),
    );
  });
});

describe('serviceConversationAt', () => {
  const facts = [heard(at(0)), heard(at(20)), heard(at(43), 'hint', true), heard(at(90))];
  const [window] = serviceConversations(null, facts);

  it.each<[string, Date, number[], Date]>([
    ['when it opened', at(0), [0, 24, 0], at(24)],
    ['a second before it moved', at(20, -1), [0, 24, 0], at(24)],
    ['when it moved', at(20), [0, 44, 1], at(44)],
    ['after a reaction', at(43), [0, 67, 2], at(44)],
  ])('%s', (_name, then, span, certainUntil) => {
    const stood = serviceConversationAt(window!, facts.toReversed(), then);
    expect(spans([stood])).toEqual([span]);
    expect(stood.certainUntil).toEqual(certainUntil);
  });

  it('is what it is now when nothing of it is known, or all of it', () => {
    expect(serviceConversationAt(window!, [], at(1))).toEqual(window);
    expect(serviceConversationAt(window!, facts, at(60))).toEqual(window);
  });
});

describe('planChanges', () => {
  const stored = (...hours: number[]): StoredConversation[] =>
    serviceConversations(
      null,
      hours.map((hour) => heard(at(hour))),
    ).map((window, index) => ({
      ...window,
      id: `${index}`,
      contactKey: 'a contact',
    }));
  const wanted = (...hours: number[]) =>
    serviceConversations(
      null,
      hours.map((hour) => heard(at(hour))),
    );

  it.each<[string, number[], number[], [string | null, string | null][], string[]]>([
    ['writes what is new', [], [0], [[null, 'opened']], []],
    ['leaves what is as it was', [0, 30], [0, 30], [], []],
    ['tells of an end that moved', [0], [0, 3], [['0', 'extended']], []],
    ['moves an opening without a word', [3], [0, 3], [['0', null]], []],
    ['joins two in the row of the first', [0, 30], [0, 15, 30], [['0', 'extended']], ['1']],
    ['drops what no fact speaks for', [0, 30], [0], [], ['1']],
  ])('%s', (_name, before, after, writes, drops) => {
    const { write, drop } = planChanges(stored(...before), wanted(...after), 'a contact');
    expect(write.map(({ id, event }) => [id, event])).toEqual(writes);
    expect(drop).toEqual(drops);
  });

  it('gives what stands under another key this one, and no word of it', () => {
    const { write, drop } = planChanges(stored(0), wanted(0), 'whom it turned out to be');
    expect(write.map(({ id, event }) => [id, event])).toEqual([['0', null]]);
    expect(drop).toEqual([]);
  });
});

describe('toldOfEnd', () => {
  const part = (hours: number, told: number, kind: Dropped['kind'] = 'service'): Dropped => ({
    ...{ id: `${hours}`, kind, told, expiresAt: at(hours) },
  });

  it.each<[string, Dropped[], number]>([
    ['nothing went', [], 0],
    ['what went had another end', [part(23, 2)], 0],
    ['what went was of another kind', [part(24, 2, 'free_entry_point')], 0],
    ['what went had this end: what was told of it', [part(24, 1), part(20, 2)], 1],
    ['several had this end: the most that was told', [part(24, 1), part(24, 2), part(24, 0)], 2],
  ])('%s', (_name, dropped, told) => {
    expect(toldOfEnd({ kind: 'service', expiresAt: at(24) }, dropped)).toBe(told);
  });
});
