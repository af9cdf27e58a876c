import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Loop } from './loop.js';

function setup({ intervalMs = 5, share = 1, fails = false } = {}) {
  let runs = 0;
  let running = 0;
  let most = 0;
  const errors: unknown[] = [];
  const work = async () => {
    runs += 1;
    running += 1;
    most = Math.max(most, running);
    await sleep(10);
    running -= 1;
    if (fails) throw new Error('x');
  };
  const loop = new Loop(work, { intervalMs, share, onError: (error) => errors.push(error) }).start();
  return { loop, errors, runs: () => runs, most: () => most };
}

/** However busy the machine is; a test that waits in vain ends by its time. */
const until = async (condition: () => boolean) => {
  while (!condition()) await sleep(5);
};

describe('Loop', () => {
  it('runs again and again, never twice at once', async () => {
    const { loop, runs, most } = setup();
    await until(() => runs() > 2);
    loop.wake();
    loop.wake();
    await until(() => runs() > 4);
    await loop.stop();
    expect(most()).toBe(1);
  });

  it('runs at once when asked, and once more when asked meanwhile', async () => {
    const { loop, runs } = setup({ intervalMs: 10_000 });
    loop.wake();
    loop.wake();
    loop.wake();
    await until(() => runs() > 1);
    await sleep(60);
    expect(runs()).toBe(2);
    await loop.stop();
  });

  it('takes no more than its share of the time', async () => {
    const { loop, runs } = setup({ intervalMs: 1, share: 0.01 });
    await sleep(150);
    // Runs take 10 ms and more, so a hundredth of the time is one run a second.
    expect(runs()).toBe(1);
    loop.wake();
    expect(runs()).toBe(2);
    await loop.stop();
  });

  it('goes on after a failure', async () => {
    const { loop, runs, errors } = setup({ fails: true });
    await until(() => runs() > 1);
    await loop.stop();
    expect(errors.length).toBe(runs());
  });

  it('ends with its run, and starts no other', async () => {
    const { loop, runs } = setup({ intervalMs: 1 });
    await sleep(5);
    await loop.stop();
    const before = runs();
    await sleep(30);
    loop.wake();
    expect(runs()).toBe(before);
  });
});
