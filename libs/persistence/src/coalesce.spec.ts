import { describe, expect, it } from '@jest/globals';
import { coalesce } from './coalesce.js';

function setup({
  inFlight = 1,
  maxBatch = 100,
  everyMs = 0,
  failOn = (_items: readonly number[]): Error | undefined => undefined,
} = {}) {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const double = coalesce<number, number>({
    inFlight,
    maxBatch,
    everyMs,
    run: async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => gates.push(resolve));
      const failure = failOn(items);
      if (failure !== undefined) throw failure;
      return items.map((item) => item * 2);
    },
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
  const release = async () => {
    await turn();
    while (gates.length === 0) await turn();
    gates.splice(0).forEach((open) => open());
    await turn();
  };
  return { double, batches, release };
}
const dataError = () => Object.assign(new Error('bad'), { code: '22021' });

describe('coalesce', () => {
  it('runs what arrives in one tick as one statement', async () => {
    const { double, batches, release } = setup();
    const results = Promise.all([double(1), double(2), double(3)]);
    await release();
    expect(await results).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('gathers what arrives while a statement is in flight', async () => {
    const { double, batches, release } = setup();
    const first = double(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const later = Promise.all([double(2), double(3)]);
    await release();
    expect(batches).toEqual([[1], [2, 3]]);
    await release();
    expect([await first, await later]).toEqual([2, [4, 6]]);
  });

  it('begins a statement only so long after one that was shared, and gathers what arrives until then', async () => {
    const { double, batches, release } = setup({ inFlight: 2, everyMs: 1_000 });
    const shared = Promise.all([double(1), double(2)]);
    await release();
    expect(await shared).toEqual([2, 4]);
    const third = double(3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(batches).toEqual([[1, 2]]);
    const fourth = double(4);
    await release();
    expect([batches, await third, await fourth]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      6,
      8,
    ]);
  });

  it('lets nobody wait who asks alone', async () => {
    const { double, batches, release } = setup({ inFlight: 2, everyMs: 3_600_000 });
    for (const item of [1, 2, 3]) {
      const doubled = double(item);
      await release();
      expect(await doubled).toBe(item * 2);
    }
    expect(batches).toEqual([[1], [2], [3]]);
  });

  it('never has more statements in flight or items in one than allowed', async () => {
    const { double, batches, release } = setup({ inFlight: 2, maxBatch: 2 });
    const results = Promise.all([1, 2, 3, 4, 5, 6].map(double));
    await release();
    expect(batches.slice(0, 2)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await release();
    expect(await results).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it('63 good items and a bad one: only the bad one fails', async () => {
    const { double, release } = setup({ failOn: (items) => (items.includes(13) ? dataError() : undefined) });
    const results = Promise.allSettled(Array.from({ length: 64 }, (_, i) => double(i)));
    for (let i = 0; i < 65; i += 1) await release();
    const settled = await results;
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(settled[13]).toMatchObject({ status: 'rejected', reason: { code: '22021' } });
    expect(settled[63]).toEqual({ status: 'fulfilled', value: 126 });
  });

  it('does not split a batch whose connection broke', async () => {
    const { double, batches, release } = setup({ failOn: () => new Error('Connection terminated unexpectedly') });
    const results = Promise.allSettled([double(1), double(2)]);
    await release();
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(batches).toHaveLength(1);
  });

  it('goes on after a failure', async () => {
    let fails = true;
    const { double, release } = setup({ failOn: () => (fails ? new Error('down') : undefined) });
    const first = double(1).catch((error: Error) => error.message);
    await release();
    expect(await first).toBe('down');
    fails = false;
    const second = double(2);
    await release();
    expect(await second).toBe(4);
  });
});
