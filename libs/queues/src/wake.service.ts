import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { coalesce } from '#persistence';
import { jobIdOf, jobNameOf, type QueueName, type WakeEntry } from './job-catalog.js';
import { checkPayload } from './job-payload.js';
import { QueueDepth } from './queue-depth.js';
import { Queues } from './queues.js';
import { within } from './within.js';

/** What the fast paths give the queue before they go on without it, ms. */
const SOON_MS = 250;
/** An awaited wake ends by then, whatever is wrong, ms. */
const WAKE_MS = 3_000;
const MAX_ADD = 1_000;
/**
 * While jobs come together, adds to a queue begin so far apart, ms: what is added together is looked at, claimed and settled together, too.
 * Nobody waits for it but the message; an urgent one does not.
 */
const EVERY_MS = 25;

/** The one door into BullMQ. A wake is a hint: it may be lost, late or given twice. */
@Injectable()
export class WakeService {
  private readonly adders = new Map<QueueName, (job: WakeEntry['job']) => Promise<true>>();

  constructor(
    private readonly queues: Queues,
    private readonly depth: QueueDepth,
    private readonly logger: Logger,
  ) {}

  /**
   * Puts jobs into their queues.
   * @throws InvalidJobError for a payload that is more than ids; Error at once, at most after 3 s, when the queue cannot be reached
   */
  async wake(entries: readonly WakeEntry[]): Promise<void> {
    for (const { queue, job } of entries) checkPayload(jobNameOf(queue), job);
    await within(WAKE_MS, Promise.all(entries.map(({ queue, job }) => this.adder(queue)(job))));
  }

  /**
   * Wakes without waiting for the queue: never rejects, and resolves within 250 ms.
   * @param unlessWaiting a queue with this many jobs waiting is left alone: they will do, or the feeder will come
   * @returns whether all jobs are known to be in their queues
   */
  async wakeSoon(entries: readonly WakeEntry[], { unlessWaiting = Infinity } = {}): Promise<boolean> {
    try {
      return await within(SOON_MS, this.wakeShallow(entries, unlessWaiting));
    } catch (error) {
      this.logger.debug('queue.not_woken', { count: entries.length, reason: error instanceof Error ? error.name : '' });
      return false;
    }
  }

  private async wakeShallow(entries: readonly WakeEntry[], limit: number): Promise<boolean> {
    if (limit !== Infinity)
      for (const queue of new Set(entries.map((entry) => entry.queue)))
        if ((await this.depth.waiting(queue)) >= limit) return false;
    await this.wake(entries);
    return true;
  }

  /** Jobs for one queue that come while an add is under way go with the next one. */
  private adder(name: QueueName) {
    const known = this.adders.get(name);
    if (known !== undefined) return known;
    const queue = this.queues.get(name);
    const adder = coalesce<WakeEntry['job'], true>({
      maxBatch: MAX_ADD,
      inFlight: 1,
      everyMs: name.startsWith('send.urgent.') ? 0 : EVERY_MS,
      run: async (jobs) => {
        await queue.addBulk(jobs.map((job) => ({ name: jobNameOf(name), data: job, opts: { jobId: jobIdOf(job) } })));
        return jobs.map(() => true);
      },
    });
    this.adders.set(name, adder);
    return adder;
  }
}
