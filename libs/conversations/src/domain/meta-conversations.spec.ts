import { describe, expect, it } from '@jest/globals';
import { deliveredFacts, endAtEntryPoints, namedConversations, type StoredStatus } from './meta-conversations.js';

const START = Date.parse('2025-06-01T12:00:00Z') / 1_000;
const at = (seconds: number) => new Date((START + seconds) * 1_000);
const DAY = 86_400;
/** Seconds since the start. */
type Given = Partial<Omit<StoredStatus, 'conversation'>> & { ends?: number; origin?: string };
const aStatus = ({ second = 0, status = 'delivered', ends, origin = 'utility', ...rest }: Given): StoredStatus => ({
  ...{ wamid: 'w1', recipient: '15550100101', model: 'cbp', status, second: START + second },
  conversation: { id: 'm', origin, expiresAtSeconds: ends === undefined ? null : START + ends },
  ...rest,
});
const unnamed = (given: Given): StoredStatus => ({ ...aStatus(given), model: null, conversation: null });

describe('deliveredFacts', () => {
  it.each<[string, StoredStatus[], [string, number, number | null][]]>([
    ['sent alone: nothing yet', [aStatus({ status: 'sent', ends: DAY })], []],
    ['sent, and failed: nothing', [aStatus({ status: 'sent' }), unnamed({ status: 'failed', second: 1 })], []],
    ['delivered: then', [aStatus({ second: 5 })], [['w1', 5, null]]],
    [
      'sent with an end, delivered later: then, with that end',
      [aStatus({ status: 'sent', ends: DAY }), aStatus({ second: 5 })],
      [
        ['w1', 5, DAY],
        ['w1', 5, null],
      ],
    ],
    [
      'read, and never called delivered: when it was read, as the sent status names it',
      [aStatus({ status: 'sent', ends: DAY }), unnamed({ status: 'read', second: 9 })],
      [['w1', 9, DAY]],
    ],
    ['delivered, and named by nothing', [unnamed({ second: 5 })], []],
    ['of a model in which each message has an id', [aStatus({ model: 'pmp' })], []],
  ])('%s', (_name, statuses, expected) => {
    for (const given of [statuses, statuses.toReversed()])
      expect(
        deliveredFacts(given).map((fact) => [
          fact.wamid,
          (+fact.at - +at(0)) / 1_000,
          fact.expiresAt && (+fact.expiresAt - +at(0)) / 1_000,
        ]),
      ).toEqual(expected);
  });

  it('open a free entry point for 72 hours from the delivery', () => {
    const statuses = [{ status: 'sent' }, { second: 5 }].map((given) =>
      aStatus({ ...given, origin: 'referral_conversion' }),
    );
    expect(namedConversations([], deliveredFacts(statuses))).toMatchObject([
      { kind: 'free_entry_point', category: null, openedAt: at(5), expiresAt: at(5 + 3 * DAY) },
    ]);
  });

  it('name the contact alike whichever of two statuses of one second comes first', () => {
    const given = ['US.1', '15550100101'].map((recipient) => aStatus({ recipient }));
    for (const statuses of [given, given.toReversed()])
      expect(namedConversations([], deliveredFacts(statuses))).toMatchObject([{ contact: '15550100101' }]);
    const facts = given.flatMap((status) => deliveredFacts([status]));
    for (const order of [facts, facts.toReversed()])
      expect(namedConversations([], order)).toMatchObject([{ contact: '15550100101' }]);
  });

  it('open a conversation with the message that was delivered first, whichever was sent first', () => {
    const statuses = [
      aStatus({ wamid: 'w1', status: 'sent', second: 0, ends: DAY }),
      aStatus({ wamid: 'w2', status: 'sent', second: 1, ends: DAY }),
      aStatus({ wamid: 'w2', second: 3 }),
      aStatus({ wamid: 'w1', second: 9 }),
    ];
    expect(namedConversations([], deliveredFacts(statuses))).toMatchObject([
      { kind: 'cbp', category: 'utility', openedAt: at(3), openedBy: 'w2', expiresAt: at(DAY) },
    ]);
  });
});

describe('endAtEntryPoints', () => {
  const entry = (from: number, to: number) => ({ openedAt: at(from), expiresAt: at(to) });
  const [conversation] = namedConversations([], deliveredFacts([aStatus({ second: 100 })]));
  const cbp = conversation!;
  it.each<[string, { openedAt: Date; expiresAt: Date }[], number]>([
    ['no free entry point: to its own end', [], 100 + DAY],
    ['one that opens while it is open ends it', [entry(500, 500 + 3 * DAY)], 500],
    ['the first of two ends it', [entry(900, 900 + 3 * DAY), entry(500, 600)], 500],
    ['one that opens a second before its end', [entry(99 + DAY, 4 * DAY)], 99 + DAY],
    ['one that opens at its end, to the second', [entry(100 + DAY, 4 * DAY)], 100 + DAY],
    ['one that was over when it opened, to the second', [entry(0, 100)], 100 + DAY],
    ['one that is over a second later: it never opened', [entry(0, 101)], 100],
    ['one that opens in the same second: it never opened', [entry(100, 100 + 3 * DAY)], 100],
  ])('%s', (_name, entries, end) => {
    expect(endAtEntryPoints([cbp], entries)).toEqual([{ ...cbp, expiresAt: at(end) }]);
  });

  it('leave free entry points and service windows alone', () => {
    for (const kind of ['service', 'free_entry_point'] as const)
      expect(endAtEntryPoints([{ ...cbp, kind }], [entry(500, 600)])).toEqual([{ ...cbp, kind }]);
  });
});
