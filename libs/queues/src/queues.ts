import type { HintQueue } from './hint-queue.js';
import type { QueueName } from './job-catalog.js';
import type { QueueBackend } from './queue-backend.js';
import { within } from './within.js';

/** Longest wait for BullMQ to close: it waits for a Redis that is down. */
const CLOSE_MS = 3_000;

/** All queues of the process, and their end. */
export class Queues {
  constructor(
    private readonly byName: ReadonlyMap<QueueName, HintQueue>,
    private readonly backend: QueueBackend,
  ) {}

  /** @throws Error when QUEUE_SHARDS knows no such queue. */
  get(name: QueueName): HintQueue {
    const queue = this.byName.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}: QUEUE_SHARDS differs between processes`);
    return queue;
  }

  /** Closes all queues and the connection to Redis, within about 3 s. For the process's shutdown, once nothing wakes any more. */
  async close(): Promise<void> {
    const closing = [...this.byName.values()].map((queue) => queue.close().catch(this.backend.onError));
    await within(CLOSE_MS, Promise.all(closing)).catch(this.backend.onError);
    this.backend.redis?.disconnect();
  }
}
