import { describe, expect, it } from '@jest/globals';
import { overlaps, readCard, readTiers, type Validity, withTiers } from './rate-card.js';

const lines = (text: string) => text.split('\n').map((line, index) => ({ line: index + 1, cells: line.split(',') }));
const problemsOf = ({ problems }: { problems: { line: number; problem: string }[] }) =>
  problems.map(({ line, problem }) => `${line}: ${problem}`);

describe('a card', () => {
  it('is read in Meta’s layout: titles, signs, dashes and columns of other things', () => {
    const card = `Rates,as of October
Market,Currency,Marketing,Utility,Authentication,Authentication-International,Service,Note
India,USD,$0.0118,0.0014,0.0014,0.0280,,cheap
Brazil,,0.0625,–,n/a,-,0.0068,`;
    expect(readCard(lines(card), 'USD')).toEqual({
      problems: [],
      rates: [
        ['India', 'marketing', 11_800n],
        ['India', 'utility', 1_400n],
        ['India', 'authentication', 1_400n],
        ['India', 'authentication_international', 28_000n],
        ['Brazil', 'marketing', 62_500n],
        ['Brazil', 'service', 6_800n],
      ].map(([market, category, rateMicros]) => ({ market, category, tierFrom: 1n, tierTo: null, rateMicros })),
    });
  });

  it('has each of its wrong lines named', () => {
    const card = `Market,Currency,Utility
Brazil,USD,0.1
Atlantis,USD,0.1
India,EUR,0.1
Brazil,USD,much
Chile,USD,-0.1`;
    expect(problemsOf(readCard(lines(card), 'USD'))).toEqual([
      '3: "Atlantis" is no market that is known',
      '4: currency is "EUR", the card\'s is USD',
      '5: "Brazil" stands in line 2 already',
      '5: utility is no rate: "much"',
      '6: utility is no rate: "-0.1"',
    ]);
  });

  it.each([
    ['Country,Utility\nBrazil,0.1', '1: No line has the header "Market"'],
    ['Market,Poetry\nBrazil,0.1', /^1: No column is one of marketing, utility/],
    ['Market,Utility', '1: No market follows the header'],
  ])('%j is none', (card, problem) =>
    expect(problemsOf(readCard(lines(card), 'USD'))).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]),
  );
});

describe('tiers', () => {
  it('follow each other, and take the place of the list rate', () => {
    const read = readTiers(
      lines('market,category,from,to,rate\nIndia,Utility,1,100,0.0014\nIndia,utility,101,,0.0011'),
    );
    expect(read.problems).toEqual([]);
    const card = readCard(lines('Market,Marketing,Utility\nIndia,0.0118,0.0014'), 'USD');
    expect(
      withTiers(card.rates, read.rates).map(({ category, tierFrom, tierTo, rateMicros }) => [
        category,
        tierFrom,
        tierTo,
        rateMicros,
      ]),
    ).toEqual([
      ['marketing', 1n, null, 11_800n],
      ['utility', 1n, 100n, 1_400n],
      ['utility', 101n, null, 1_100n],
    ]);
  });

  it.each([
    ['India,utility,2,,0.1', '2: from is 2, the tier before ends at 0'],
    ['India,utility,1,10,0.1\nIndia,utility,12,,0.1', '3: from is 12, the tier before ends at 10'],
    ['India,utility,1,10,0.1\nIndia,utility,10,,0.1', '3: from is 10, the tier before ends at 10'],
    ['India,utility,1,,0.1\nIndia,utility,11,,0.1', '3: it follows a tier without end'],
    [
      'India,utility,1,10,0.1\nIndia,utility,11,20,0.1',
      '3: it is the last tier of its market and category: to must be empty',
    ],
    ['India,utility,1,x,0.1', '2: from and to must be whole numbers, "1" and "x" are not'],
    ['India,poetry,1,,0.1', /^2: "poetry" is none of/],
    ['Atlantis,utility,1,,0.1', '2: "Atlantis" is no market that is known'],
    ['India,utility,1,,free', '2: rate is none: "free"'],
  ])('%j are refused', (rows, problem) =>
    expect(problemsOf(readTiers(lines(`market,category,from,to,rate\n${rows}`)))).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]),
  );

  it('need all of their columns', () =>
    expect(problemsOf(readTiers(lines('market,from,rate')))).toEqual(['1: The header lacks category, to']));
});

describe('two cards', () => {
  const from = (validFrom: string, validUntil: string | null = null): Validity => ({ validFrom, validUntil });
  it.each<[Validity, Validity, boolean]>([
    [from('2026-01-01'), from('2026-01-01'), true],
    [from('2026-01-01'), from('2026-04-01'), false],
    [from('2026-01-01', '2026-04-01'), from('2026-04-01'), false],
    [from('2026-01-01', '2026-04-02'), from('2026-04-01'), true],
    [from('2026-01-01', '2026-12-31'), from('2026-04-01', '2026-05-01'), true],
  ])('%j and %j claim a day both: %s', (one, other, both) =>
    expect([overlaps(one, other), overlaps(other, one)]).toEqual([both, both]),
  );
});
