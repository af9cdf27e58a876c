import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ConnectionPool } from './connection-pool.js';

const [A, B, C] = ['106540352242922', '106540352242923', '106540352242924'];

describe('ConnectionPool', () => {
  it('gives what is wanted, or what there is', async () => {
    const pool = new ConnectionPool(10);
    expect((await pool.take(A, 'standard', 3)).count).toBe(3);
    expect((await pool.take(B, 'standard', 20)).count).toBe(3);
    expect(pool.inUse).toBe(6);
  });

  it('keeps a part for each priority, whatever the others take', async () => {
    const pool = new ConnectionPool(100);
    const bulk = await pool.take(A, 'bulk', 100);
    expect(bulk.count).toBe(37);
    expect((await pool.take(B, 'bulk', 100)).count).toBe(13);
    expect((await pool.take(A, 'standard', 100)).count).toBe(20);
    expect((await pool.take(A, 'urgent', 100)).count).toBe(30);
    bulk.give(25);
    expect((await pool.take(B, 'urgent', 100)).count).toBe(25);
  });

  it('has one for each priority, however small it is', async () => {
    const pool = new ConnectionPool(1);
    for (const priority of ['urgent', 'standard', 'bulk'] as const)
      expect((await pool.take(A, priority, 5)).count).toBe(1);
  });

  it('lets those wait for whom there is none, and wakes each once there is', async () => {
    const pool = new ConnectionPool(1);
    const first = await pool.take(A, 'standard', 1);
    const waiting = [pool.take(A, 'standard', 1), pool.take(A, 'standard', 5)];
    let woken = 0;
    waiting.forEach((taken) => void taken.then(() => (woken += 1)));
    await sleep(5);
    expect(woken).toBe(0);
    first.give(1);
    const second = await waiting[0]!;
    expect(second.count).toBe(1);
    second.give(0);
    await sleep(1);
    expect(woken).toBe(1);
    second.give(1);
    expect((await waiting[1]!).count).toBe(1);
    expect(pool.inUse).toBe(1);
  });

  it('waits a moment for more when there are few, and no longer', async () => {
    const pool = new ConnectionPool(100);
    await pool.take(A, 'standard', 30);
    const other = await pool.take(B, 'standard', 30);
    other.give(1);
    const more = pool.take(C, 'standard', 45);
    await sleep(1);
    other.give(20);
    expect((await more).count).toBe(21);
    other.give(2);
    expect((await pool.take(C, 'standard', 50)).count).toBe(2);
  });

  it('leaves a quarter to others, whatever one sender wants', async () => {
    const pool = new ConnectionPool(100);
    const hers = await pool.take(A, 'standard', 60);
    expect(hers.count).toBe(45);
    const more = pool.take(A, 'standard', 1);
    expect((await pool.take(B, 'standard', 20)).count).toBe(15);
    hers.give(1);
    expect((await more).count).toBe(1);
  });

  it('gives a sender that hangs a tenth, until it is answered', async () => {
    let now = 0;
    const pool = new ConnectionPool(100, () => now);
    const first = await pool.take(A, 'standard', 10);
    now = 1_999;
    await pool.take(A, 'standard', 10);
    now = 2_000;
    const third = pool.take(A, 'standard', 10);
    let isTaken = false;
    void third.then(() => (isTaken = true));
    expect((await pool.take(B, 'standard', 50)).count).toBe(40);
    first.give(9);
    await sleep(1);
    expect(isTaken).toBe(false);
    first.give(1);
    expect((await third).count).toBe(10);
  });
});
