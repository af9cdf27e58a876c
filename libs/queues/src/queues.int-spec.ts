import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { backends, createTestDatabase, eventually, startTestRedis, type TestDatabase, type TestRedis } from '#testing';
import type { DeliverMessagesJob, QueueWorker } from './index.js';
import { openQueues } from './specs/queue-world.js';

const QUEUE = 'send.standard.0';
const job = (n = 1): DeliverMessagesJob => ({
  messageIds: Array.from({ length: n }, () => uuidv7()),
  fences: Array.from({ length: n }, () => '7'),
});

describe.each(backends())('queues on %s', (backend) => {
  let database: TestDatabase | undefined;
  let redis: TestRedis | undefined;
  let world: Awaited<ReturnType<typeof openQueues>>;
  const workers: QueueWorker[] = [];

  const open = () => openQueues(backend === 'redis' ? { redisUrl: redis!.url } : { databaseUrl: database!.url });
  const listen = (handler: (job: DeliverMessagesJob) => void | Promise<void>, concurrency = 5) => {
    const worker = world.workers.createWorker(QUEUE, concurrency, async (job) => handler(job));
    workers.push(worker as unknown as QueueWorker);
    return worker;
  };

  beforeAll(async () => {
    if (backend === 'redis') redis = await startTestRedis();
    else database = await createTestDatabase();
  }, 60_000);
  afterAll(async () => {
    await redis?.stop();
    await database?.drop();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await world.queues.get(QUEUE).drain();
    await world.close();
  });

  it('a job goes through, with nothing but ids', async () => {
    world = await open();
    const seen: DeliverMessagesJob[] = [];
    await listen((payload) => void seen.push(payload)).start();
    const [one, many] = [job(), job(50)];
    await world.wakeService.wake([
      { queue: QUEUE, job: one },
      { queue: QUEUE, job: many },
    ]);
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen).toEqual(expect.arrayContaining([one, many]));
  });

  it('every kind of job needs a queue that is worked on', async () => {
    world = await open();
    let applied = 0;
    const intake = world.workers.createWorker('intake', 1, () => Promise.resolve(void (applied += 1)));
    workers.push(intake as unknown as QueueWorker);
    await intake.start();
    expect(() => world.workers.assertEveryJobHandled()).toThrow('deliver-messages');
    listen(() => undefined);
    expect(() => world.workers.assertEveryJobHandled()).toThrow('fetch-media');
    workers.push(world.workers.createWorker('media', 1, () => Promise.resolve()) as unknown as QueueWorker);
    world.workers.assertEveryJobHandled();
    await eventually(() => world.wakeService.wakeSoon([{ queue: 'intake', job: {} }]));
    await eventually(() => expect(applied).toBeGreaterThan(0));
  });

  it('the same hint twice waits once, and comes again after its end', async () => {
    world = await open();
    const hint = { queue: QUEUE, job: job() } as const;
    await world.wakeService.wake([hint, hint]);
    await world.wakeService.wake([hint]);
    expect(await world.queues.get(QUEUE).getWaitingCount()).toBe(1);
    let calls = 0;
    await listen(() => void (calls += 1)).start();
    await eventually(() => expect(calls).toBe(1));
    await eventually(async () => expect(await world.queues.get(QUEUE).getJobCountByTypes()).toBe(0));
    await world.wakeService.wake([hint]);
    await eventually(() => expect(calls).toBe(2));
  });

  it('refuses a payload that is more than ids, and adds none of its neighbours', async () => {
    world = await open();
    const loud = { ...job(), body: 'hello' } as DeliverMessagesJob;
    const wake = world.wakeService.wake([
      { queue: QUEUE, job: job() },
      { queue: QUEUE, job: loud },
    ]);
    await expect(wake).rejects.toMatchObject({ code: 'invalid_job' });
    expect(await world.queues.get(QUEUE).getWaitingCount()).toBe(0);
  });

  it('a handler that throws ends its job and leaves nothing behind', async () => {
    world = await open();
    let calls = 0;
    const worker = listen(() => {
      calls += 1;
      throw new Error('a fault of ours');
    });
    await worker.start();
    await world.wakeService.wake([{ queue: QUEUE, job: job() }]);
    await eventually(() => expect(calls).toBe(1));
    await eventually(async () => expect(await world.queues.get(QUEUE).getJobCountByTypes()).toBe(0));
  });

  it('a paused worker takes no job and finishes what it has; another takes over', async () => {
    world = await open();
    let release = () => undefined as void;
    const handled: string[] = [];
    const first = listen(async ({ messageIds }) => {
      await new Promise<void>((resolve) => (release = resolve));
      handled.push(messageIds[0] ?? '');
    }, 1);
    await first.start();
    const [inHand, later] = [job(), job()];
    await world.wakeService.wake([{ queue: QUEUE, job: inHand }]);
    await eventually(() => expect(first.jobsInHand).toBe(1));
    await first.pause();
    await world.wakeService.wake([{ queue: QUEUE, job: later }]);
    release();
    await first.idle();
    expect(handled).toEqual(inHand.messageIds);
    const other = await open();
    const taken: string[] = [];
    const second = other.workers.createWorker(QUEUE, 1, ({ messageIds }) =>
      Promise.resolve(void taken.push(...messageIds)),
    );
    await second.start();
    await eventually(() => expect(taken).toEqual(later.messageIds));
    await second.close();
    await other.close();
  });

  it('an idle worker that is paused gives back what it was about to take', async () => {
    world = await open();
    const first = listen(() => void taken.push('first'));
    const taken: string[] = [];
    await first.start();
    await world.wakeService.wake([{ queue: QUEUE, job: job() }]);
    await eventually(() => expect(taken).toHaveLength(1));
    await first.pause();
    await world.wakeService.wake([{ queue: QUEUE, job: job() }]);
    const other = await open();
    const second = other.workers.createWorker(QUEUE, 1, () => Promise.resolve(void taken.push('second')));
    await second.start();
    await eventually(() => expect(taken).toEqual(['first', 'second']));
    await first.start();
    await second.close();
    await other.close();
    await world.wakeService.wake([{ queue: QUEUE, job: job() }]);
    await eventually(() => expect(taken).toEqual(['first', 'second', 'first']));
  });

  it('a worker made again goes on', async () => {
    world = await open();
    let calls = 0;
    const worker = listen(() => void (calls += 1));
    await worker.start();
    await worker.recreate();
    await world.wakeService.wake([{ queue: QUEUE, job: job() }]);
    await eventually(() => expect(calls).toBe(1));
  });

  it('counts what waits, at most once a second', async () => {
    world = await open();
    expect(await world.depth.waiting(QUEUE)).toBe(0);
    await world.wakeService.wake([{ queue: QUEUE, job: job() }]);
    expect(await world.depth.waiting(QUEUE)).toBe(0);
    await eventually(async () => expect(await world.depth.waiting(QUEUE)).toBe(1));
    expect(await world.wakeService.wakeSoon([{ queue: QUEUE, job: job() }], { unlessWaiting: 1 })).toBe(false);
    expect(await world.queues.get(QUEUE).getWaitingCount()).toBe(1);
  });

  it('jobs outlive the process that added them', async () => {
    world = await open();
    const hint = job();
    await world.wakeService.wake([{ queue: QUEUE, job: hint }]);
    await world.close();
    world = await open();
    const seen: DeliverMessagesJob[] = [];
    await listen((payload) => void seen.push(payload)).start();
    await eventually(() => expect(seen).toEqual([hint]));
  });

  it('500 wakes at once all arrive', async () => {
    world = await open();
    const seen = new Set<string>();
    await listen(({ messageIds }) => void seen.add(messageIds[0] ?? ''), 20).start();
    const woken = await Promise.all(
      Array.from({ length: 500 }, () => world.wakeService.wake([{ queue: QUEUE, job: job() }])),
    );
    expect(woken).toHaveLength(500);
    await eventually(() => expect(seen.size).toBe(500));
  });

  it('three processes may boot at once, also on an empty database', async () => {
    await database?.drop();
    database &&= await createTestDatabase();
    const [first, ...others] = await Promise.all([open(), open(), open()]);
    world = first!;
    await Promise.all([world, ...others].map(({ wakeService }) => wakeService.wake([{ queue: QUEUE, job: job() }])));
    expect(await world.queues.get(QUEUE).getWaitingCount()).toBe(3);
    await Promise.all(others.map(({ close }) => close()));
  });
});
