import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('gives the first result that is not false', async () => {
    const results = [false, false, 0];
    expect(await eventually(() => results.shift(), { intervalMs: 1 })).toBe(0);
  });

  it('calls again after an error', async () => {
    let calls = 0;
    const check = () => expect(++calls).toBe(3);
    await eventually(check, { intervalMs: 1 });
    expect(calls).toBe(3);
  });

  it('throws the last error when the time is over', async () => {
    let calls = 0;
    const check = () => Promise.reject(new Error(`call ${++calls}`));
    await expect(eventually(check, { timeoutMs: 30, intervalMs: 1 })).rejects.toThrow(/^call \d+$/);
    expect(calls).toBeGreaterThan(1);
  });

  it('says so when the condition never holds', async () => {
    await expect(eventually(() => false, { timeoutMs: 5, intervalMs: 1 })).rejects.toThrow('Not so after 5 ms');
  });
});
