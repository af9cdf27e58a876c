/**
 * `npm run test:faults -- [--seed N] [--backend redis|postgres|both] [--drill name,…] [--size N]`: fault drills on real processes, each
 * followed by an audit. A table of figures, then `N passed, N failed`. Without a seed it takes one, and says which. The drills at
 * full scale mostly wait, so they run beside the others.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase, isRedisAvailable } from '#testing';
import { tally } from './test/tally.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1_000_000)) },
    backend: { type: 'string', default: 'both' },
    drill: { type: 'string', default: '' },
    size: { type: 'string' },
  },
});
const backends = { redis: ['redis'], postgres: ['postgres'], both: ['redis', 'postgres'] }[values.backend];
if (backends === undefined) {
  console.error(`--backend must be redis, postgres or both, not ${values.backend}`);
  process.exit(2);
}
if (backends.includes('redis') && !isRedisAvailable()) {
  console.error('There is no Redis: set REDIS_URL, install redis-server, or say --backend postgres');
  process.exit(2);
}
console.log(`seed ${values.seed}`);

/** What is started together waits for one processor: a world has this long to come up before the next one does, ms. */
const START_MS = 20_000;
/** Drills at the protocol's own times. */
const FULL_SCALE = ['full-scale'];
const wanted = values.drill.split(',').filter((name) => name !== '');
const [isFullWanted, isRestWanted] = [true, false].map(
  (isFull) => wanted.length === 0 || wanted.some((name) => FULL_SCALE.includes(name) === isFull),
);

const folder = `.herald/faults-${process.pid}`;
mkdirSync(folder, { recursive: true });
const report = join(folder, 'figures.jsonl');
// Four worlds at once, of which some have two workers: more than the hundred connections of one.
const postgres = await startThrowawayPostgres({ settings: { max_connections: 300 } });
const runs = [];
try {
  await buildTemplateDatabase(postgres.url);
  const full = [];
  for (const backend of isFullWanted ? backends : []) {
    full.push(runDrills(backend, 'full'));
    await sleep(START_MS);
  }
  if (isRestWanted) for (const backend of backends) runs.push(await runDrills(backend, 'twentieth'));
  runs.push(...(await Promise.all(full)));
} finally {
  await postgres.stop();
}
const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
console.table(lines.map((line) => JSON.parse(line)));
console.log(
  'Each drill ends with an audit of I1 to I17; I10 is that of the drills empty-queue, queue-gone and queue-restart.',
);
rmSync(folder, { recursive: true, force: true });
const { passed, failed } = tally(runs);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function runDrills(backend, scale) {
  const resultFile = join(folder, `${backend}-${scale}.json`);
  const jest = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
      ...['--selectProjects', 'faults', '--runInBand', '--json', `--outputFile=${resultFile}`],
    ],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        TEST_POSTGRES_URL: postgres.url,
        HERALD_TEST_BACKEND: backend,
        HERALD_DRILL: values.drill,
        HERALD_DRILL_SCALE: scale,
        HERALD_DRILL_SEED: values.seed,
        HERALD_DRILL_REPORT: report,
        ...(values.size === undefined ? {} : { HERALD_DRILL_SIZE: values.size }),
      },
    },
  );
  const [exitCode] = await once(jest, 'exit');
  return { result: existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined, exitCode };
}
