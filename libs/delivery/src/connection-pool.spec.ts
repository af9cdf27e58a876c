import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ConnectionPool } from './connection-pool.js';

describe('ConnectionPool', () => {
  it('gives what is wanted, or what there is', async () => {
    const pool = new ConnectionPool(10);
    expect(await pool.take('standard', 3)).toBe(3);
    expect(await pool.take('standard', 20)).toBe(3);
    expect(pool.inUse).toBe(6);
  });

  it('keeps a part for each priority, whatever the others take', async () => {
    const pool = new ConnectionPool(100);
    expect(await pool.take('bulk', 100)).toBe(50);
    expect(await pool.take('standard', 100)).toBe(20);
    expect(await pool.take('urgent', 100)).toBe(30);
    pool.give('bulk', 25);
    expect(await pool.take('urgent', 100)).toBe(25);
  });

  it('has one for each priority, however small it is', async () => {
    const pool = new ConnectionPool(1);
    for (const priority of ['urgent', 'standard', 'bulk'] as const) expect(await pool.take(priority, 5)).toBe(1);
  });

  it('lets those wait for whom there is none, and wakes each once there is', async () => {
    const pool = new ConnectionPool(1);
    await pool.take('standard', 1);
    const waiting = [pool.take('standard', 1), pool.take('standard', 5)];
    let woken = 0;
    waiting.forEach((taken) => void taken.then(() => (woken += 1)));
    await sleep(5);
    expect(woken).toBe(0);
    pool.give('standard', 1);
    expect(await waiting[0]).toBe(1);
    pool.give('standard', 0);
    expect(woken).toBe(1);
    pool.give('standard', 1);
    expect(await waiting[1]).toBe(1);
    expect(pool.inUse).toBe(1);
  });

  it('waits a moment for more when there are few, and no longer', async () => {
    const pool = new ConnectionPool(100);
    await pool.take('standard', 60);
    pool.give('standard', 1);
    const more = pool.take('standard', 50);
    await sleep(1);
    pool.give('standard', 20);
    expect(await more).toBe(21);
    pool.give('standard', 2);
    expect(await pool.take('standard', 50)).toBe(2);
  });
});
