import { describe, expect, it } from '@jest/globals';
import { compare, type Comparison, comparedAs, type MetaFigures, type OurFigures } from './compare.js';
import { judge } from './verdict.js';

const KEY = { day: '2026-11-28', market: 'Brazil', category: 'utility', type: 'regular' };
const ours = (figures: Partial<OurFigures> = {}): OurFigures => ({
  ...KEY,
  messages: 10,
  amountMicros: 68_000n,
  foreignMessages: 0,
  foreignAmountMicros: 0n,
  unpriced: 0,
  ...figures,
});
const metas = (figures: Partial<MetaFigures> = {}): MetaFigures => ({
  ...KEY,
  country: 'BR',
  messages: 10,
  amountMicros: 68_000n,
  ...figures,
});

describe('comparedAs', () => {
  it.each([
    ['utility', 'regular', 'utility', 'regular'],
    ['utility', null, 'utility', 'regular'],
    ['utility', 'free_customer_service', 'service', 'free_customer_service'],
    ['service', 'free_customer_service', 'service', 'free_customer_service'],
    ['group_utility', 'regular', 'utility', 'regular'],
    ['marketing_lite', 'regular', 'marketing', 'regular'],
    ['referral_conversion', 'free_entry_point', 'referral_conversion', 'free_entry_point'],
    ['poetry', 'surge', 'poetry', 'surge'],
  ])('%s, %s is compared as %s, %s', (category, type, as, asType) =>
    expect(comparedAs(category, type)).toEqual({ category: as, type: asType }),
  );
});

describe('compare', () => {
  it('puts both sides in one row, and what only one side has in a row of its own', () => {
    const rows = compare(
      [ours(), ours({ messages: 1, amountMicros: 6_800n, foreignMessages: 2 }), ours({ market: 'India' })],
      [metas({ country: 'CL' }), metas(), metas({ day: '2026-11-27' })],
    );
    expect(rows).toMatchObject([
      { day: '2026-11-27', messages: 0, metaMessages: 10 },
      {
        ...{ day: '2026-11-28', market: 'Brazil', messages: 11, foreignMessages: 2, amountMicros: 74_800n },
        ...{ countries: ['BR', 'CL'], metaMessages: 20, metaAmountMicros: 136_000n },
      },
      { market: 'India', messages: 10, metaMessages: 0, metaAmountMicros: 0n },
    ]);
  });

  it('knows no cost of what Meta keeps back in part', () =>
    expect(compare([ours()], [metas(), metas({ amountMicros: null })])).toMatchObject([{ metaAmountMicros: null }]));
});

describe('judge', () => {
  const judged = (...rows: Comparison[]) => judge(rows, 10);
  it.each<[string, OurFigures[], MetaFigures[], object]>([
    ['agreement', [ours()], [metas()], { messagesPerMille: 0, amountPerMille: 0, differs: false }],
    ['nothing at all', [], [], { messages: 0, metaMessages: 0, messagesPerMille: 0, differs: false }],
    [
      'foreign messages, which Meta counts, too',
      [ours({ messages: 6, amountMicros: 40_800n, foreignMessages: 4, foreignAmountMicros: 27_200n })],
      [metas()],
      { messages: 10, amountMicros: 68_000n, differs: false },
    ],
    ['as much as is allowed', [ours({ messages: 99 })], [metas({ messages: 100 })], { messagesPerMille: 10 }],
    [
      'a message that is another day’s',
      [ours(), ours({ day: '2026-11-29', messages: 0, amountMicros: 0n })],
      [metas({ messages: 9, amountMicros: 61_200n }), metas({ day: '2026-11-29', messages: 1, amountMicros: 6_800n })],
      { differs: false },
    ],
    [
      'another rate',
      [ours()],
      [metas({ amountMicros: 70_000n })],
      { messagesPerMille: 0, amountPerMille: 28.5, differs: true },
    ],
    [
      'what is too much here and too little there',
      [ours({ messages: 11, amountMicros: 68_000n }), ours({ market: 'India', messages: 9 })],
      [metas(), metas({ market: 'India' })],
      { messages: 20, metaMessages: 20, messagesPerMille: 95.2, differs: true },
    ],
    [
      'costs that Meta keeps back',
      [ours()],
      [metas({ amountMicros: null })],
      { metaAmountMicros: null, amountPerMille: 0, differs: false },
    ],
  ])('%s', (_name, our, meta, verdict) => expect(judged(...compare(our, meta))).toMatchObject(verdict));

  it('is above a threshold only when it is more', () => {
    const rows = compare([ours({ messages: 99 })], [metas({ messages: 100 })]);
    expect([judge(rows, 10).differs, judge(rows, 9).differs]).toEqual([false, true]);
  });
});
