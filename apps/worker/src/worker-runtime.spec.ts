import { describe, expect, it } from '@jest/globals';
import type { Environment } from '#config';
import type { Logger } from '#observability';
import type { Database } from '#persistence';
import type { QueueWorkers } from '#queues';
import { WorkerRuntime } from './worker-runtime.js';
import type { WorkerTasks } from './worker-tasks.js';

/** A runtime whose start stands at the journal until `replayed` is called, or `failed`. */
function aSlowStart() {
  let replayed = (): void => undefined;
  let failed = (_error: Error): void => undefined;
  const done: string[] = [];
  const worker = { start: () => Promise.resolve(void done.push('started')), pause: () => Promise.resolve() };
  const tasks = {
    outcomes: { replay: () => new Promise<void>((resolve, reject) => ([replayed, failed] = [resolve, reject])) },
    explanations: { publish: () => Promise.resolve() },
    months: { prepare: () => Promise.resolve(0) },
    intake: { stop: () => undefined },
    receipts: { stop: () => undefined },
    media: { stop: () => undefined },
  };
  const runtime = new WorkerRuntime(
    { listen: () => () => Promise.resolve() } as unknown as Database,
    { createWorker: () => worker, assertEveryJobHandled: () => undefined } as unknown as QueueWorkers,
    tasks as unknown as WorkerTasks,
    { QUEUE_SHARDS: 1, WATCHDOG_RECREATE_MS: 1_000, WATCHDOG_EXIT_MS: 2_000 } as Environment,
    { warn: (event: string) => done.push(event) } as unknown as Logger,
  );
  return { runtime, done, replayed: () => replayed(), failed: (error: Error) => failed(error) };
}

describe('WorkerRuntime', () => {
  it('told to stop while it starts, waits for what is begun and starts nothing more', async () => {
    const { runtime, done, replayed } = aSlowStart();
    const started = runtime.start();
    const stopped = runtime.stopLoops().then(() => done.push('stopped'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(done).toEqual([]);
    replayed();
    await Promise.all([started, stopped]);
    expect(done).toEqual(['stopped']);
  });

  it('told to stop while it starts, ends well though the start fails', async () => {
    const { runtime, done, failed } = aSlowStart();
    const started = runtime.start();
    const stopped = runtime.stopLoops();
    failed(new Error('timeout exceeded when trying to connect'));
    await Promise.all([started, stopped]);
    expect(done).toEqual(['worker.start_left_out']);
  });

  it('told to stop, tells what goes on for as long as there is more of it before it waits for it', async () => {
    let stopNotifications = (): void => undefined;
    const ended = new Promise<void>((resolve) => (stopNotifications = resolve));
    const { runtime } = aSlowStart();
    Object.assign(runtime, {
      tasks: {
        intake: { stop: () => stopNotifications() },
        receipts: { stop: () => undefined },
        media: { stop: () => undefined },
      },
      loops: [{ stop: () => ended }],
    });
    await runtime.stopLoops();
  });

  it('a start that fails keeps no stop from ending', async () => {
    const { runtime } = aSlowStart();
    Object.assign(runtime, {
      queueWorkers: {
        createWorker: () => ({}),
        assertEveryJobHandled: () => {
          throw new Error('no handler');
        },
      },
    });
    await expect(runtime.start()).rejects.toThrow('no handler');
    await runtime.stopLoops();
  });
});
