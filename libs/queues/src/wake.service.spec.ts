import { describe, expect, it } from '@jest/globals';
import { Logger } from '#observability';
import type { SendQueueName } from './job-catalog.js';
import type { QueueDepth } from './queue-depth.js';
import type { Queues } from './queues.js';
import { WakeService } from './wake.service.js';

/** A door to queues that take everything at once, and how many jobs each add brought. */
function setup() {
  const adds: number[] = [];
  const addBulk = (jobs: unknown[]) => Promise.resolve(adds.push(jobs.length));
  const queues = { get: () => ({ addBulk }) } as unknown as Queues;
  return { adds, wake: new WakeService(queues, {} as QueueDepth, Logger.create('silent')) };
}

const jobOf = (n: number) => ({ messageIds: [`00000000-0000-7000-8000-0000000000${10 + n}`], fences: ['0'] });

/** Wakes two messages at once, and then 50, one by one, a moment apart. */
async function wakeMany(wake: WakeService, queue: SendQueueName): Promise<void> {
  const woken = [wake.wake([50, 51].map((n) => ({ queue, job: jobOf(n) })))];
  for (let n = 0; n < 50; n += 1) {
    await new Promise(setImmediate);
    woken.push(wake.wake([{ queue, job: jobOf(n) }]));
  }
  await Promise.all(woken);
}

describe('WakeService', () => {
  it.each(['send.standard.0', 'send.bulk.0'] as const)(
    'adds to %s together what comes shortly after jobs that came together',
    async (queue) => {
      const { adds, wake } = setup();
      await wakeMany(wake, queue);
      expect(adds.reduce((sum, jobs) => sum + jobs, 0)).toBe(52);
      expect(adds.length).toBeLessThan(10);
    },
  );

  it('adds urgent messages at once', async () => {
    const { adds, wake } = setup();
    await wakeMany(wake, 'send.urgent.0');
    expect(adds).toEqual([2, ...Array.from({ length: 50 }, () => 1)]);
  });
});
