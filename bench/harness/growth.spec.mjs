import { describe, expect, it } from '@jest/globals';
import { compareHalves } from './growth.mjs';

const MB = 1_000_000;

/** Samples of a run of 100 messages each, from what one table has at each of them. */
const setup = (table, figures) =>
  figures.map((figure, n) => ({
    messages: n * 100,
    tables: {
      message: { dead: 0, bytes: n * MB },
      hold: { dead: 0, bytes: 0 },
      [table]: { dead: 0, bytes: 0, ...figure },
    },
  }));

describe('halves of a run of steady load', () => {
  it('finds the table whose dead rows become more, whatever vacuum takes away in between', () => {
    const samples = setup(
      'charge',
      [3_000, 5_000, 100, 9_000, 200, 100].map((dead) => ({ dead })),
    );
    expect(compareHalves(samples, ['message', 'charge']).dead).toEqual({
      table: 'charge',
      first: 5_000,
      second: 9_000,
    });
  });

  it.each([
    ['is not judged beside a larger one', [1, 900, 1_900, 1_900], { table: 'message', first: 4_000, second: 4_000 }],
    ['counts as just large enough before it grew', [1, 1, 1, 5_000], { table: 'hold', first: 2_000, second: 5_000 }],
  ])('a table that is too small %s', (_, figures, expected) => {
    const samples = setup(
      'hold',
      figures.map((dead) => ({ dead })),
    );
    for (const { tables } of samples) tables.message.dead = 4_000;
    expect(compareHalves(samples, ['message']).dead).toEqual(expected);
  });

  it('names the largest when all are too small', () => {
    const samples = setup(
      'charge',
      [1, 7, 9, 8].map((dead) => ({ dead })),
    );
    expect(compareHalves(samples, ['message']).dead).toEqual({ table: 'charge', first: 7, second: 9 });
  });

  it('finds the work table that grows, among those that are no history', () => {
    const samples = setup(
      'hold',
      [1, 2, 3, 4].map((size) => ({ bytes: size * MB })),
    );
    expect(compareHalves(samples, ['message']).work).toEqual({ table: 'hold', first: 2 * MB, second: 4 * MB });
  });

  it('counts what a message adds to history, from one half to the other', () => {
    const samples = setup(
      'event',
      [0, 1, 2, 4, 6].map((size) => ({ bytes: size * MB })),
    );
    const { history, all } = compareHalves(samples, ['message', 'event']);
    expect(history).toEqual({ table: 'event', first: 10_000, second: 20_000 });
    expect(all).toEqual({ table: 'all', first: 20_000, second: 30_000 });
  });
});
