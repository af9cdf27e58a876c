import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { backends, createTestDatabase, eventually, startTestRedis, type TestDatabase, type TestRedis } from '#testing';
import type { QueueWorker, WakeEntry } from './index.js';
import { cutOff, type CutOff } from './specs/cut-off.js';
import { openQueues } from './specs/queue-world.js';

const QUEUE = 'send.urgent.0';
const entry = () => ({ queue: QUEUE, job: { messageIds: [uuidv7()], fences: ['0'] } }) satisfies WakeEntry;

/** How long work took, and whether it was done. */
async function timed(work: Promise<unknown>) {
  const started = performance.now();
  const isDone = await work.then(
    () => true,
    () => false,
  );
  return { ms: performance.now() - started, isDone };
}

/** A wake that fails at once takes ms, the fast path 250 ms at most; without them both would wait 3 s. The rest is for a busy machine. */
const AT_ONCE_MS = 2_500;
/** What hangs is given up after 3 s. */
const GIVEN_UP_MS = 8_000;

describe.each(backends())('queues without %s', (backend) => {
  let database: TestDatabase | undefined;
  let redis: TestRedis | undefined;
  let line: CutOff;
  let world: Awaited<ReturnType<typeof openQueues>>;
  const workers: QueueWorker[] = [];

  const open = () => openQueues(backend === 'redis' ? { redisUrl: line.url } : { databaseUrl: line.url });
  /** Messages that a worker was told to deliver; earlier tests may have left some. */
  const listen = async () => {
    const seen = new Set<string>();
    const worker = world.workers.createWorker(QUEUE, 2, ({ messageIds: [id = ''] }) =>
      Promise.resolve(void seen.add(id)),
    );
    workers.push(worker as unknown as QueueWorker);
    await worker.start();
    return seen;
  };
  const delivered = (seen: Set<string>, { job }: ReturnType<typeof entry>) =>
    eventually(() => expect([...seen]).toEqual(expect.arrayContaining(job.messageIds)));

  beforeAll(async () => {
    if (backend === 'redis') redis = await startTestRedis();
    else database = await createTestDatabase();
  }, 60_000);
  beforeEach(async () => {
    line = await cutOff(redis?.url ?? database!.url);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await world.close();
    await line.cut();
  });
  afterAll(async () => {
    await redis?.stop();
    await database?.drop();
  });

  it('a wake fails at once, and the fast path goes on without it', async () => {
    world = await open();
    await world.wakeService.wake([entry()]);
    await line.cut();
    const awaited = await timed(world.wakeService.wake([entry()]));
    expect(awaited.isDone).toBe(false);
    expect(awaited.ms).toBeLessThan(AT_ONCE_MS);
    const soon = await timed(world.wakeService.wakeSoon([entry()]));
    expect(soon.isDone).toBe(true);
    expect(soon.ms).toBeLessThan(AT_ONCE_MS);
    expect(await world.depth.waiting(QUEUE)).toBe(Infinity);
  });

  it('a server that hangs is given up', async () => {
    world = await open();
    await world.wakeService.wake([entry()]);
    line.freeze();
    const soon = await timed(world.wakeService.wakeSoon([entry()]));
    expect(soon.ms).toBeLessThan(AT_ONCE_MS);
    const awaited = await timed(world.wakeService.wake([entry()]));
    expect(awaited.isDone).toBe(false);
    expect(awaited.ms).toBeLessThan(GIVEN_UP_MS);
    line.thaw();
    await eventually(() => world.wakeService.wake([entry()]));
  });

  it('a process that boots meanwhile fails its wakes at once and works later', async () => {
    await line.cut();
    const booted = await timed(
      open().then((opened) => {
        world = opened;
      }),
    );
    expect(booted.isDone).toBe(true);
    expect(booted.ms).toBeLessThan(GIVEN_UP_MS);
    const seen = await listen();
    const awaited = await timed(world.wakeService.wake([entry()]));
    expect(awaited.isDone).toBe(false);
    expect(awaited.ms).toBeLessThan(AT_ONCE_MS);
    await line.join();

    const later = entry();
    await eventually(() => world.wakeService.wake([later]));
    await delivered(seen, later);
  });

  it('a worker takes jobs again soon after the outage', async () => {
    world = await open();
    const seen = await listen();
    const [before, after] = [entry(), entry()];
    await world.wakeService.wake([before]);
    await delivered(seen, before);
    await line.cut();
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    await line.join();
    const back = performance.now();
    await eventually(() => world.wakeService.wake([after]));
    await delivered(seen, after);
    expect(performance.now() - back).toBeLessThan(3 * GIVEN_UP_MS);
  });

  it('ends within its time, and leaves no timer of BullMQ’s that keeps the process from ending', async () => {
    world = await open();
    const seen = await listen();
    const before = entry();
    await world.wakeService.wake([before]);
    await delivered(seen, before);
    await line.cut();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const closed = await timed(Promise.all(workers.map((worker) => worker.close())));
    expect(closed.ms).toBeLessThan(GIVEN_UP_MS);
    expect((await timed(world.queues.close())).ms).toBeLessThan(GIVEN_UP_MS);
    const renewals = workers.map(
      (worker) => (worker as unknown as { worker: { lockManager: object } }).worker.lockManager,
    );
    expect(renewals).toEqual([expect.objectContaining({ closed: true, lockRenewalTimer: undefined })]);
  });
});
