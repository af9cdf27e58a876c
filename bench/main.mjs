/**
 * `npm run -s bench -- [--only accept,send,…] [--rounds 3] [--scale 1] [--json]`: figures against floors that are measured in the same
 * run, in turns. Progress on stderr; the report on stdout, with `--json` as JSON alone. It ends with 1 only when a scenario could not be
 * measured, after the figures of the others: machines are noisy, and a figure is judged by who reads it. `--full` runs the whole way
 * for five minutes, sends and reads reports with 10,000,000 messages of the past, and looks for ten minutes at whether tables grow; the
 * disk is looked at first. `--scale 0.1` does a tenth of the work, `--statements` also names the statements that took Postgres most time,
 * `--profiles` where Herald's processes were (`--cpu-prof`, which makes them slower; the files are left in `.herald/profiles`).
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '#config';
import { startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase } from '#testing';
import { createMeter } from './harness/meter.mjs';
import { measureAll } from './harness/measure-all.mjs';
import { printReport } from './harness/report.mjs';
import { refuseWithoutRoom } from './harness/disk.mjs';
import { profilesOf } from './harness/profiles.mjs';
import { BYTES, FULL_ONLY, SCENARIOS } from './scenarios/index.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    scale: { type: 'string', default: '1' },
    full: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    statements: { type: 'boolean', default: false },
    profiles: { type: 'boolean', default: false },
  },
});
const names =
  values.only?.split(',') ?? Object.keys(SCENARIOS).filter((name) => values.full || !FULL_ONLY.includes(name));
const unknown = names.filter((name) => !Object.hasOwn(SCENARIOS, name));
if (unknown.length > 0) fail(`--only must be of ${Object.keys(SCENARIOS).join(', ')}, not ${unknown.join(', ')}`);
const [rounds, scale] = [Number(values.rounds), Number(values.scale)];
/** Writing their rows takes most of the time of these, so it is done once. */
const ONCE = values.full ? ['history'] : ['backlog'];
/** What `--full` does more of: ten times the history, five times as long the whole way. */
const MORE = values.full ? { history: 10, reports: 10, 'whole-way': 5 } : {};
const scaleOf = (name) => scale * (MORE[name] ?? 1);
if (!Number.isInteger(rounds) || rounds < 1) fail(`--rounds must be a whole number from 1, not ${values.rounds}`);
if (!(scale > 0)) fail(`--scale must be a number above 0, not ${values.scale}`);

await refuseWithoutRoom(Math.max(0, ...names.map((name) => BYTES[name]?.(scaleOf(name)) ?? 0))).catch(({ message }) =>
  fail(message),
);

const folder = join(projectRoot(), '.herald', 'profiles');
if (values.profiles) {
  await rm(folder, { recursive: true, force: true });
  process.env.BENCH_PROFILES = folder;
}

const say = (line) => process.stderr.write(`${line}\n`);
// What is measured commits as in production: to the disk.
const postgres = await startThrowawayPostgres({
  isDurable: true,
  settings: { shared_preload_libraries: 'pg_stat_statements' },
});
process.env.TEST_POSTGRES_URL = postgres.url;
const { meter, lines, end } = await createMeter(postgres);
let measured;
try {
  await buildTemplateDatabase(postgres.url);
  const measure = (name) => {
    say(name);
    const size = { rounds: ONCE.includes(name) ? 1 : rounds, scale: scaleOf(name) };
    return SCENARIOS[name]({ ...size, say, meter });
  };
  measured = await measureAll(names, measure, say);
} finally {
  await end();
  await postgres.stop();
}
const costs = lines();
const profiles = values.profiles ? await profilesOf(costs, folder) : [];
if (values.json) console.log(JSON.stringify({ ...measured, costs, profiles }, null, 2));
else printReport({ ...measured, costs, profiles }, values);
process.exit(measured.failures.length > 0 ? 1 : 0);

function fail(line) {
  console.error(line);
  process.exit(2);
}
