import pg from 'pg';
import { cpuOf, cpuOfFamily, peakOf } from './process-figures.mjs';
import { profileClock } from './profiles.mjs';

const SERVER = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal, sum(xact_commit)::float8 AS commits FROM pg_stat_database`;
const STATEMENTS = `SELECT calls::int, rows::int, total_exec_time::float8 AS ms, left(regexp_replace(query, '\\s+', ' ', 'g'), 160) AS query
FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_%' ORDER BY total_exec_time DESC`;
/** Statements that are named of each run. */
const MOST = 12;

/**
 * Measures what a run takes beside its time: `meter(what, count, {name: pid}, run)` gives what `run` gives. `run(watch)` may name
 * processes that it starts. `lines()` are the figures of all runs: processor seconds of each process and of Postgres per 1,000 messages,
 * bytes of WAL, statements and commits per message, the most memory of each process, the statements that took Postgres most time, and which
 * processes ran when, for their profiles.
 */
export async function createMeter(postgres) {
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
  await pool.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  const taken = [];
  const server = async () => {
    const { rows } = await pool.query(SERVER);
    return { ...rows[0], cpu: await cpuOfFamily(postgres.pid) };
  };
  const meter = async (what, count, pids, run) => {
    const watched = new Map();
    const watch = async (named) => {
      for (const [name, pid] of Object.entries(named)) watched.set(name, { pid, before: cpuOf(pid) });
      await Promise.all([...watched.values()].map(({ before }) => before));
    };
    await watch(pids);
    const before = await server();
    await pool.query('SELECT pg_stat_statements_reset()');
    const from = profileClock();
    const result = await run(watch);
    const to = profileClock();
    const after = await server();
    const { rows: statements } = await pool.query(STATEMENTS);
    const perThousand = (seconds) => Number(((seconds * 1_000) / count).toFixed(3));
    const perMessage = (number) => Number((number / count).toFixed(3));
    const cpu = {};
    const peakMiB = {};
    for (const [name, { pid, before: start }] of watched) {
      cpu[name] = perThousand((await cpuOf(pid)) - (await start));
      peakMiB[name] = Math.round(await peakOf(pid));
    }
    cpu.postgres = perThousand(after.cpu - before.cpu);
    taken.push({
      what,
      pids: Object.fromEntries([...watched].map(([name, { pid }]) => [name, pid])),
      span: { from, to },
      cpuSecondsPer1000: cpu,
      walBytesPerMessage: Math.round((after.wal - before.wal) / count),
      statementsPerMessage: perMessage(statements.reduce((sum, { calls }) => sum + calls, 0)),
      commitsPerMessage: perMessage(after.commits - before.commits),
      peakMiB,
      statements: statements
        .slice(0, MOST)
        .map(({ ms, ...statement }) => ({ ...statement, msPer1000: (ms * 1_000) / count })),
    });
    return result;
  };
  return { meter, lines: () => taken, end: () => pool.end() };
}
