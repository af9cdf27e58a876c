import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { WriteGate } from './write-gate.js';

describe('WriteGate', () => {
  it('lets nobody out before its slot, and in the order of slots', async () => {
    const gate = new WriteGate();
    const now = performance.now();
    const out: string[] = [];
    const pass = (name: string, afterMs: number) =>
      gate.pass('1', now + afterMs, 1).then(() => {
        out.push(name);
        expect(performance.now()).toBeGreaterThanOrEqual(now + afterMs);
      });
    await Promise.all([pass('third', 90), pass('first', 5), pass('second', 40)]);
    expect(out).toEqual(['first', 'second', 'third']);
  });

  it('spreads what is late: a pause must not end in a burst', async () => {
    let nowMs = 10_000;
    const gate = new WriteGate(() => nowMs);
    const out: number[] = [];
    const late = Array.from({ length: 5 }, (_, i) => gate.pass('1', 9_000 + i * 100, 10).then(() => out.push(nowMs)));
    for (; out.length < late.length; nowMs += 1) await sleep(1);
    // One interval may be made up for; the others keep their distance.
    expect(out[4]! - out[1]!).toBeGreaterThanOrEqual(3 * 9);
  });

  it('lets no lane wait for another', async () => {
    const gate = new WriteGate();
    const out: string[] = [];
    const later = gate.pass('1', performance.now() + 300, 10).then(() => out.push('1'));
    await gate.pass('2', 0, 10).then(() => out.push('2'));
    await later;
    expect(out).toEqual(['2', '1']);
  });
});
