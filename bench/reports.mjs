/**
 * `npm run -s bench:reports -- [--messages 500000] [--rounds 9]`: how long reports and searches take over so many messages of 30 days, in
 * a Postgres of its own that is thrown away. 10000000 is possible: about 25 GB of disk, and a quarter of an hour or more to make the data. Progress on
 * stderr, figures on stdout; it measures, and ends with 1 when a target is missed.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { refuseWithoutRoom } from './harness/disk.mjs';
import { bytesOfReports, measureReports } from './reports/run.mjs';

const LEAST = 1_000;

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '500000' }, rounds: { type: 'string', default: '9' } },
});
const [messages, rounds] = [Number(values.messages), Number(values.rounds)];
if (!Number.isInteger(messages) || messages < LEAST || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`--messages must be a whole number from ${LEAST} on, --rounds one from 1 on`);
  process.exit(2);
}
await refuseWithoutRoom(bytesOfReports(messages));
const say = (line) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
const { rolledUp, cases } = await measureReports(messages, rounds, say);
console.log(
  `${messages} messages of 30 days; ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Postgres with shared_buffers of 128 MB; ${new Date().toISOString().slice(0, 10)}`,
);
for (const [what, figure] of rolledUp) console.log(`  ${what}: ${figure}`);
for (const { what, medianMs, mostMs, targetMs, found } of cases) {
  const target = targetMs === null ? '' : ` (target: under ${targetMs} ms)`;
  console.log(`  ${what}: ${medianMs.toFixed(1)} ms, at most ${mostMs.toFixed(1)} ms${target}; ${found}`);
}
process.exit(cases.every(({ medianMs, targetMs }) => targetMs === null || medianMs < targetMs) ? 0 : 1);
