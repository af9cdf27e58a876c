/**
 * `npm run -s bench:reports -- [--messages 500000] [--rounds 9]`: how long reports and searches take over so many messages of 30 days, in
 * a Postgres of its own that is thrown away. 10000000 is possible: about 25 GB of disk, and a quarter of an hour or more to make the data. Progress on
 * stderr, figures on stdout; it measures, and ends with 1 when a target is missed.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Database, startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase, databaseUrl, TEMPLATE_DATABASE } from '#testing';
import { checkDisk } from './bench-reports/disk.mjs';
import { fillDatabase } from './bench-reports/fill.mjs';
import { measure } from './bench-reports/measure.mjs';
import { rollUp } from './bench-reports/roll-up.mjs';

const STATEMENT_TIMEOUT_MS = 3_600_000;
const LEAST = 1_000;

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '500000' }, rounds: { type: 'string', default: '9' } },
});
const [messages, rounds] = [Number(values.messages), Number(values.rounds)];
if (!Number.isInteger(messages) || messages < LEAST || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`--messages must be a whole number from ${LEAST} on, --rounds one from 1 on`);
  process.exit(2);
}
const progress = (line) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

await checkDisk(messages);
const postgres = await startThrowawayPostgres();
let isMet = true;
try {
  await buildTemplateDatabase(postgres.url);
  const url = databaseUrl(postgres.url, TEMPLATE_DATABASE);
  const database = new Database({ url, poolMax: 4, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const world = await fillDatabase(url, messages, progress);
  const rolledUp = await rollUp(database, url, progress);
  console.log(
    `${messages} messages of 30 days; ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Postgres with shared_buffers of 128 MB; ${new Date().toISOString().slice(0, 10)}`,
  );
  for (const [what, figure] of rolledUp) console.log(`  ${what}: ${figure}`);
  for (const { what, medianMs, mostMs, targetMs, found } of await measure(database, world, rounds)) {
    isMet &&= targetMs === null || medianMs < targetMs;
    const target = targetMs === null ? '' : ` (target: under ${targetMs} ms)`;
    console.log(`  ${what}: ${medianMs.toFixed(1)} ms, at most ${mostMs.toFixed(1)} ms${target}; ${found}`);
  }
  await database.close();
} finally {
  await postgres.stop();
}
process.exit(isMet ? 0 : 1);
