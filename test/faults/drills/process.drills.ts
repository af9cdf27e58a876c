import { setTimeout as sleep } from 'node:timers/promises';
import { spawnProcess } from '#testing';
import { recipients } from '../../world/senders.js';
import { HERALD } from '../../world/world.js';
import { type Drill, mixed, type Scene } from '../drill.js';

/** Longer than the lease of a drill, ms. */
const PAST_LEASE_MS = 6_000;

const KILL_POINTS = ['after-claim', 'before-write', 'after-write', 'before-settle'] as const;
const PRELOAD = new URL('../kill-point.mjs', import.meta.url);
/** How long a worker under load may take to come to its point, ms. */
const REACHED_MS = 30_000;

/** Runs a worker that dies at a named point of its `nth` attempt, and waits until it has. */
async function dieAt({ world }: Scene, point: (typeof KILL_POINTS)[number], nth: number): Promise<void> {
  await world.kill('worker');
  const env = { NODE_OPTIONS: `--import=${PRELOAD.href}`, HERALD_KILL_POINT: point, HERALD_KILL_AT: String(nth) };
  await world.startWith('worker', env, { readyPath: null });
  const late = sleep(REACHED_MS, null, { ref: false });
  const exit = await Promise.race([world.process('worker').exited, late]);
  if (exit?.signal !== 'SIGKILL') throw new Error(`${point}: ${exit === null ? 'not reached' : JSON.stringify(exit)}`);
}

/** Processes that die, sleep, end, or are two. */
export const PROCESS_DRILLS: Drill[] = [
  {
    name: 'kill-worker',
    what: 'kill -9 of the worker under load, three times',
    run: ({ world, during, between }) =>
      during(async () => {
        for (let i = 0; i < 3; i += 1) {
          await world.kill('worker');
          await sleep(between(50, 500));
          await world.start('worker');
          await sleep(between(100, 800));
        }
      }),
  },
  {
    name: 'kill-everything',
    what: 'kill -9 of api, webhooks and worker at once',
    run: ({ world, during }) =>
      during(async () => {
        await world.kill(...HERALD);
        await world.start(...HERALD);
      }),
  },
  {
    name: 'kill-points',
    what: `kill -9 of the worker ${KILL_POINTS.join(', ')}: each in turn, under load`,
    run: (scene) =>
      scene.during(async () => {
        for (const point of KILL_POINTS) {
          await dieAt(scene, point, scene.between(1, 20));
          await scene.world.start('worker');
          await sleep(scene.between(200, 600));
        }
      }),
  },
  {
    name: 'full-scale',
    what: 'the protocol’s own times: answers lost, requests closed before they were taken, a worker killed after it wrote',
    isFullScale: true,
    run: async (scene) => {
      const ids = await scene.send(mixed({ '0100': 40, '01500': 10, '01503': 5 }, scene.random));
      const load = await scene.during(() => dieAt(scene, 'after-write', 10));
      await scene.world.start('worker');
      return [...ids, ...load];
    },
  },
  {
    name: 'freeze-worker',
    what: 'SIGSTOP of the worker past its lease, while another one works, then SIGCONT',
    run: ({ world, during }) =>
      during(async () => {
        const { pid } = world.process('worker');
        const other = await spawnProcess('worker', { ...world.env, PORT: '0' }, { readyPath: null });
        world.atEnd(() => other.kill('SIGKILL'));
        process.kill(pid, 'SIGSTOP');
        await sleep(PAST_LEASE_MS);
        process.kill(pid, 'SIGCONT');
      }),
  },
  {
    name: 'sigterm',
    what: 'SIGTERM of the worker in mid-send, twice: exit code 0 each time',
    run: ({ world, during, between }) =>
      during(async () => {
        for (let i = 0; i < 2; i += 1) {
          const [exit] = await world.terminate('worker');
          if (exit?.code !== 0) throw new Error(`the worker ended with ${JSON.stringify(exit)}:\n${lastWords(world)}`);
          await world.start('worker');
          await sleep(between(200, 600));
        }
      }),
  },
  {
    name: 'two-workers',
    what: 'two workers on one queue, which is filled with each message twice',
    run: async ({ world, send }) => {
      const other = await spawnProcess('worker', { ...world.env, PORT: '0' }, { readyPath: null });
      world.atEnd(() => other.kill('SIGKILL'));
      const ids = await send(recipients('0100', 300, 101));
      for (let i = 0; i < 5; i += 1) {
        // As if the queue had lost them: they are fed again, beside the jobs that are there.
        await world.query('UPDATE message SET fed_at = NULL WHERE next_attempt_at IS NOT NULL');
        await sleep(50);
      }
      return ids;
    },
  },
  {
    name: 'poison-message',
    what: 'messages whose content is gone, between others',
    run: async ({ world, send }) => {
      const later = { sendAt: new Date(Date.now() + 2_000).toISOString() };
      const [poisoned, others] = [
        await send(recipients('0100', 5, 101), later),
        await send(recipients('0100', 100, 201)),
      ];
      await world.query('UPDATE message_content SET content = NULL, erased_at = now() WHERE id = ANY($1::uuid[])', [
        poisoned,
      ]);
      await world.until(poisoned, "state = 'failed' AND reason = 'internal_build_error'");
      const alerts = await world.query("SELECT FROM alert WHERE kind = 'internal_build_error' AND closed_at IS NULL");
      if (alerts.length !== 1) throw new Error(`${alerts.length} alerts tell of messages that cannot be built`);
      return [...poisoned, ...others];
    },
  },
];

/** What processes said of their ends. */
const lastWords = (world: Scene['world']) =>
  world
    .output()
    .split('\n')
    .filter((line) => line.includes('"process.') || !line.startsWith('{'))
    .slice(-40)
    .join('\n');
