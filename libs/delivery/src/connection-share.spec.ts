import { describe, expect, it } from '@jest/globals';
import { ConnectionShare } from './connection-share.js';

describe('ConnectionShare', () => {
  it('gives what is wanted, or what there is', async () => {
    const share = new ConnectionShare(5);
    expect(await share.take(3)).toBe(3);
    expect(await share.take(3)).toBe(2);
    expect(share.inUse).toBe(5);
  });

  it('lets those wait for whom there is none, and wakes each once there is', async () => {
    const share = new ConnectionShare(2);
    await share.take(2);
    const waiting = [share.take(1), share.take(5)];
    let woken = 0;
    waiting.forEach((taken) => void taken.then(() => (woken += 1)));
    await Promise.resolve();
    expect(woken).toBe(0);
    share.give(2);
    expect(await Promise.all(waiting)).toEqual([1, 1]);
    share.give(0);
    expect(share.inUse).toBe(2);
  });
});
