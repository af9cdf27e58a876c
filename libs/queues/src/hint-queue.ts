import { type IQueueBackend, Queue } from 'bullmq';
import type { JobName, JobPayloads } from './job-catalog.js';
import type { BackendOptions } from './queue-backend.js';
import { QUEUE_SETTINGS } from './queue-settings.js';

export interface HintQueueOptions extends BackendOptions {
  onError: (error: unknown) => void;
}

type JobData = JobPayloads[JobName];

/** The Queue that BullModule builds for us: with its own backend, our settings and a listener for errors. */
export class HintQueue extends Queue<JobData, void, JobName, JobData, void, JobName, IQueueBackend> {
  constructor(name: string, { factory, connection, prefix, onError }: HintQueueOptions) {
    super(name, { ...QUEUE_SETTINGS, connection, prefix }, factory);
    this.on('error', onError);
  }

  /**
   * BullModule hangs a hook here that closes the queue with the Nest application, when messages may still be in flight.
   * Queues are closed by the process's shutdown, in its order (`Queues.close`), so the hook is not kept.
   */
  set onApplicationShutdown(_hook: unknown) {
    // deliberately not kept
  }
}
