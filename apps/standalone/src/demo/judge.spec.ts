import { describe, expect, it } from '@jest/globals';
import type { SeenConversation, SeenCosts, SeenMessage } from './herald-client.js';
import { findCostMistakes, findMistakes, findWindowMistakes, type Result } from './judge.js';
import { READ, type Sample } from './sample.js';
import type { LoggedSend } from './simulator-client.js';
import { messageTable, priceReport, table, windowsTable } from './tables.js';

const START = Date.UTC(2026, 10, 22, 12);
const at = (ms: number) => new Date(START + ms).toISOString();

function aResult({ message, sample }: { message?: Partial<SeenMessage>; sample?: Partial<Sample> } = {}): Result {
  return {
    sample: { name: 'text', to: '+15550100101', message: { type: 'text' }, expected: READ, ...sample },
    message: {
      id: 'm',
      state: 'accepted',
      status: 'read',
      attempts: 1,
      error: null,
      createdAt: at(0),
      cost: null,
      ...message,
    },
    facts: [
      { at: at(10), kind: 'attempt', what: 'accepted', details: {} },
      { at: at(70), kind: 'status', what: 'sent', details: { pricing: { category: 'service', type: 'regular' } } },
      { at: at(120), kind: 'status', what: 'read', details: {} },
    ],
  };
}
const aSend = (attemptId: string, outcome: LoggedSend['outcome'] = 'accepted'): LoggedSend => ({
  attemptId,
  recipient: '+15550100101',
  outcome,
});

describe('findMistakes', () => {
  it.each<[string, Result, LoggedSend[], string[]]>([
    ['nothing wrong', aResult(), [aSend('a1.m.1')], []],
    [
      'a second attempt after a refused one',
      aResult({ message: { attempts: 2 }, sample: { expected: { ...READ, attempts: 2 } } }),
      [aSend('a1.m.1', 'refused'), aSend('a1.m.2')],
      [],
    ],
    [
      'the error that was expected',
      aResult({
        message: { state: 'failed', status: null, error: { code: 131026, title: 'Undeliverable' } },
        sample: { expected: { state: 'failed', status: null, attempts: 1, error: 131026 } },
      }),
      [aSend('a1.m.1', 'refused')],
      [],
    ],
    [
      'another status',
      aResult({ message: { status: 'sent' } }),
      [aSend('a1.m.1')],
      ['text: accepted, sent after 1 attempt, but should be accepted, read after 1 attempt'],
    ],
    [
      'an error',
      aResult({ message: { status: 'failed', error: { code: 131047, title: 'Re-engagement message' } } }),
      [aSend('a1.m.1')],
      [
        'text: accepted, failed (131047) after 1 attempt; Re-engagement message, but should be accepted, read after 1 attempt',
      ],
    ],
    ['an attempt that never arrived', aResult(), [], ['attempt a1.m.1 reached Meta 0 times, but should have once']],
    [
      'an attempt that arrived twice',
      aResult(),
      [aSend('a1.m.1'), aSend('a1.m.1', 'refused')],
      ['attempt a1.m.1 reached Meta 2 times, but should have once'],
    ],
    [
      'two attempts that were both taken',
      aResult({ message: { attempts: 2 }, sample: { expected: { ...READ, attempts: 2 } } }),
      [aSend('a1.m.1'), aSend('a1.m.2')],
      ['text: Meta took it 2 times'],
    ],
    [
      'a send of nobody',
      aResult(),
      [aSend('a1.m.1'), aSend('a1.other.1')],
      ['Meta got a send that no message knows: a1.other.1'],
    ],
  ])('%s', (_name, result, sends, mistakes) => {
    expect(findMistakes([result], sends)).toEqual(mistakes);
  });
});

describe('tables', () => {
  it('aligns words to the left and numbers to the right', () => {
    expect(
      table([
        ['NAME', 'MS'],
        ['text', 7],
        ['location', 120],
      ]),
    ).toBe('  NAME      MS\n  text        7\n  location  120\n');
  });

  it('shows a message in a line, and whether it ended as it should', () => {
    const [, good, bad] = messageTable([aResult(), aResult({ message: { status: 'sent' } })]).split('\n');
    expect(good).toMatch(/✓ +text +text +\+15550100101 +accepted +read +1 +120$/);
    expect(bad).toMatch(/✗ .* sent /);
  });

  it('shows costs, and their total in the last line', () => {
    const row = { category: 'service', market: 'North America', mark: 'rated', currency: 'USD', messages: 2 };
    const costs = {
      rows: [{ ...row, amountMicros: 6_800 }],
      totals: [{ currency: 'USD', messages: 2, amountMicros: 6_800 }],
    };
    expect(priceReport(costs)).toBe(
      table([
        ['CATEGORY', 'MARKET', 'CHARGED', 'MESSAGES', 'AMOUNT'],
        ['service', 'North America', 'rated', 2, '0.006800 USD'],
        ['', '', 'total', 2, '0.006800 USD'],
      ]),
    );
  });
});

describe('findCostMistakes', () => {
  const cost = { amountMicros: 5, currency: 'USD', charges: [] };
  const total = { currency: 'USD', messages: 1, amountMicros: 5 };
  const billed = { messages: 1, amountMicros: 5 };
  const metas = (messages: number, amountMicros: number) => [
    ...(messages === 1 ? [] : [`the report has ${messages} messages, but Meta billed 1`]),
    ...(amountMicros === 5 ? [] : [`the report says ${amountMicros} micros, Meta billed 5`]),
  ];
  it.each<[string, Partial<SeenMessage>, SeenCosts['totals'], string[]]>([
    ['nothing wrong', { cost }, [total], []],
    [
      'a delivered message without a charge',
      {},
      [{ ...total, amountMicros: 0 }],
      ['text: delivered, but not charged', ...metas(1, 0)],
    ],
    [
      'a charge for what was not delivered',
      { cost, status: 'sent' },
      [total],
      ['text: charged, but not delivered', 'the report has 1 messages, but 0 were delivered'],
    ],
    [
      'another sum',
      { cost },
      [{ ...total, amountMicros: 6 }],
      ['the report says 6 micros, the messages 5', ...metas(1, 6)],
    ],
    [
      'an empty report',
      { cost },
      [],
      ['the report has 0 messages, but 1 were delivered', 'the report says 0 micros, the messages 5', ...metas(0, 0)],
    ],
    ['another currency', { cost }, [total, { ...total, currency: 'EUR' }], ['nothing should be charged in EUR']],
  ])('%s', (_, message, totals, mistakes) =>
    expect(findCostMistakes([aResult({ message })], { rows: [], totals }, billed)).toEqual(mistakes),
  );
});

describe('windows', () => {
  const HOUR = 3_600_000;
  const sample = { name: 'text', to: '+1 555 010-0101' };
  const aWindow = (overrides: Partial<SeenConversation> = {}): SeenConversation => ({
    contact: '15550100101',
    kind: 'service',
    state: 'open',
    openedAt: at(0),
    lastHeardAt: at(1_000),
    expiresAt: at(1_000 + 24 * HOUR),
    extendedCount: 1,
    ...overrides,
  });
  const ended =
    'text: its window is open, heard 2026-11-22T12:00:01.000Z, ends 2026-11-23T12:00:00.000Z: it should end a day after';

  it.each<[string, SeenConversation[], string[]]>([
    ['one that ends a day after', [aWindow()], []],
    ['none', [], ['text: its customer has no window']],
    ['two', [aWindow(), aWindow()], ['text: its customer has 2 windows, but should have one']],
    ['one that ends too early', [aWindow({ expiresAt: at(24 * HOUR) })], [ended]],
    ['one of somebody else', [aWindow(), aWindow({ contact: '1' })], ['a window is nobody’s here']],
  ])('are right, or not: %s', (_name, conversations, mistakes) => {
    expect(findWindowMistakes([sample], conversations)).toEqual(mistakes);
  });

  it('are counted by kind, state and how often they moved', () => {
    const shown = windowsTable([aWindow({ openedAt: at(5_000) }), aWindow(), aWindow({ extendedCount: 0 })]);
    expect(shown.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['KIND', 'STATE', 'EXTENDED', 'CONTACTS', 'FIRST OPENED', 'LAST ENDS'],
      ['service', 'open', '1', '2', at(0), at(1_000 + 24 * HOUR)],
      ['service', 'open', '0', '1', at(0), at(1_000 + 24 * HOUR)],
      [''],
    ]);
  });
});
