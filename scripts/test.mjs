/**
 * `npm test`: the whole suite with everything it needs, or the part that arguments name (`npm test -- libs/queues`, any
 * argument of Jest's). The last line on stdout is `N passed, N failed`; the exit code is 0 only when nothing failed.
 *
 * Postgres is an embedded throw-away server. Redis is the one of REDIS_URL, else each suite that needs one starts
 * `redis-server`; without either the Redis half is not run, which REQUIRE_REDIS=1 makes a failure. A Redis Cluster is always of
 * `redis-server`s that suites start; without that program, the same.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase, isRedisAvailable, isRedisClusterAvailable } from '#testing';
import { jestArguments, planRuns } from './test/run-plan.mjs';
import { tally } from './test/tally.mjs';

const NO_REDIS = 'no REDIS_URL and no redis-server on PATH';
const NO_CLUSTER = 'no redis-server on PATH';
const hasRedis = isRedisAvailable();
const hasCluster = isRedisClusterAvailable();
const results = `.herald/test-${process.pid}`;
let postgres;
let jest;
let isEnding = false;

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.once(signal, () => void end(exitCode));
}

if (!(hasRedis && hasCluster) && process.env.REQUIRE_REDIS === '1') {
  console.error(`REQUIRE_REDIS=1, but there is no Redis, or none for a cluster: ${hasRedis ? NO_CLUSTER : NO_REDIS}`);
  await finish({ passed: 0, failed: 1, skipped: 0 });
}

try {
  mkdirSync(results, { recursive: true });
  // Two journeys at once, of which one has eight processes on the Postgres queue: more than the hundred connections of one.
  postgres = await startThrowawayPostgres({ settings: { max_connections: 400 } });
  await buildTemplateDatabase(postgres.url);
  const runs = [];
  for (const run of planRuns({ hasRedis, isRedisShared: Boolean(process.env.REDIS_URL) }))
    runs.push(await runJest(run));
  await finish(tally(runs));
} catch (error) {
  if (!isEnding) console.error(error);
  await finish({ passed: 0, failed: 1, skipped: 0 });
}

async function runJest(run) {
  const resultFile = join(results, `${run.name}.json`);
  const nodeArguments = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jestProgram = 'node_modules/jest/bin/jest.js';
  jest = spawn(
    process.execPath,
    [...nodeArguments, jestProgram, ...jestArguments(run, resultFile, process.argv.slice(2))],
    { stdio: 'inherit', env: { ...process.env, TEST_POSTGRES_URL: postgres.url, ...run.env } },
  );
  const [exitCode] = await once(jest, 'exit');
  return { result: readResult(resultFile), exitCode };
}

function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function finish({ passed, failed, skipped }) {
  if (isEnding) return;
  if (skipped > 0) console.log(`${skipped} skipped`);
  if (!hasRedis) console.log(`The Redis half was not run: ${NO_REDIS}`);
  else if (!hasCluster) console.log(`What needs a Redis Cluster was not run on one: ${NO_CLUSTER}`);
  await stopAll();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

async function end(exitCode) {
  isEnding = true;
  await stopAll();
  process.exit(exitCode);
}

/** Whatever this does not reach, because it was killed itself, ends by itself when this process is gone. */
async function stopAll() {
  jest?.kill('SIGTERM');
  rmSync(results, { recursive: true, force: true });
  await postgres?.stop();
}
