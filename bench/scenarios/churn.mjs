import { setTimeout as sleep } from 'node:timers/promises';
import { resultOf } from '../harness/figures.mjs';
import { compareHalves } from '../harness/growth.mjs';
import { sendRequest } from '../harness/herald.mjs';
import { openLoop } from '../harness/http-load.mjs';
import { caughtUp, startWholeWay } from './whole-way.mjs';

/** What two cores keep with ease: what is looked at is tables, not speed. */
const RATE = 100;
const SECONDS = 600;
const WARM_SECONDS = 5;
const CONNECTIONS = 16;
const SAMPLE_MS = 5_000;
/** Nothing may be late for so long after the last request, ms. */
const CATCH_UP_MS = 60_000;

/** Tables that keep a row of each message, request, notification or contact: they grow with what is sent, and shall grow evenly. */
const HISTORY = [
  'message',
  'message_content',
  'attempt',
  'status_event',
  'event',
  'event_number',
  'idempotency_key',
  'inbox',
  'inbox_hash',
  'charge',
  'contact',
  'contact_fact',
  'contact_alias',
  'account_fact',
];
/**
 * So many times what the first half has may the second have. Autovacuum comes once a minute, as Postgres does by default and with what
 * Herald's tables say of it, so that the most dead rows are a matter of chance; bytes are, by a page or an index that splits its leaves.
 */
const GROWTH = { dead: 1.5, work: 1.1, all: 1.1, history: 1.25 };

/** Every table, partitions with the table that they are of. `messages` counts from when statistics began. */
const TABLES = `
SELECT coalesce(p.relname, s.relname) AS name, sum(s.n_dead_tup)::float8 AS dead, sum(s.n_live_tup)::float8 AS live,
  sum(s.n_tup_ins)::float8 AS inserted, sum(s.n_tup_upd)::float8 AS updated, sum(s.n_tup_hot_upd)::float8 AS hot, sum(pg_total_relation_size(s.relid))::float8 AS bytes, sum(s.autovacuum_count)::int AS vacuums
FROM pg_stat_user_tables s
LEFT JOIN pg_inherits i ON i.inhrelid = s.relid
LEFT JOIN pg_class p ON p.oid = i.inhparent
GROUP BY 1`;

/**
 * Whether tables stop growing under load that does not end: dead rows, the size of work tables, bytes that a message adds. With less
 * than five minutes for each half it says little: a half that autovacuum has not come to grows as it must.
 */
export async function benchChurn({ scale, say, meter }) {
  const seconds = Math.max(20, Math.round(SECONDS * scale));
  const { herald, pids, stop } = await startWholeWay(20);
  let next = 0;
  const load = (forSeconds) =>
    openLoop(herald.api.url, {
      perSecond: RATE,
      seconds: forSeconds,
      connections: CONNECTIONS,
      requestOf: () => sendRequest(next++),
    });
  try {
    const [{ now }] = await herald.query('SELECT now() AS now');
    await load(WARM_SECONDS);
    say(`churn at ${RATE}/s for ${seconds} s`);
    const samples = await meter(`churn at ${RATE}/s`, RATE * seconds, pids, () => samplesDuring(load(seconds), herald));
    const missing = await caughtUp(herald, now, CATCH_UP_MS);
    tell(say, samples);
    return rowsOf(samples, missing, `churn at ${RATE}/s for ${seconds} s`);
  } finally {
    await stop();
  }
}

async function samplesDuring(load, herald) {
  const samples = [];
  let isOver = false;
  const ended = load.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const rows = await herald.query(TABLES);
    const tables = Object.fromEntries(rows.map(({ name, ...figures }) => [name, figures]));
    samples.push({ messages: tables.message.inserted, tables });
    await Promise.race([ended, sleep(SAMPLE_MS)]);
  }
  return samples;
}

/** What each table became, on stderr: the report names only the worst. */
function tell(say, samples) {
  const [first, middle, last] = [samples[0], samples[Math.floor((samples.length - 1) / 2)], samples.at(-1)];
  for (const [name, { dead, live, bytes, vacuums, inserted, updated, hot }] of Object.entries(last.tables)) {
    const sizes = [first, middle].map(({ tables }) => tables[name]?.bytes ?? 0);
    const most = Math.max(...samples.map(({ tables }) => tables[name]?.dead ?? 0));
    if (inserted === 0 && most === 0) continue;
    const kilobytes = [...sizes, bytes].map((size) => Math.round(size / 1e3)).join(', ');
    say(
      `${name}: ${live} rows, ${dead} dead (most ${most}), ${vacuums} vacuums, ${hot} of ${updated} updates touched no index, ${kilobytes} kB at the start, half-way, at the end`,
    );
  }
}

function rowsOf(samples, missing, run) {
  const { dead, work, history, all } = compareHalves(samples, HISTORY);
  const updates = Object.values(samples.at(-1).tables);
  const hot =
    updates.reduce((sum, table) => sum + table.hot, 0) / updates.reduce((sum, table) => sum + table.updated, 0);
  const row = (what, { first, second }, { unit, ratioAtMost, per = 1 }) =>
    resultOf(`${run}: ${what} (floor: first half)`, {
      unit,
      ours: [{ value: second / per }],
      floors: [{ value: first / per }],
      target: { ratioAtMost },
    });
  return [
    row(`most dead rows, second half; worst is ${dead.table}`, dead, { unit: 'rows', ratioAtMost: GROWTH.dead }),
    row(`largest size of a table that is no history; worst is ${work.table}`, work, {
      unit: 'kB',
      per: 1_000,
      ratioAtMost: GROWTH.work,
    }),
    row('history that a message adds', all, { unit: 'bytes', ratioAtMost: GROWTH.all }),
    row(`history that a message adds to one table; worst is ${history.table}`, history, {
      unit: 'bytes',
      ratioAtMost: GROWTH.history,
    }),
    resultOf(`${run}: updates that touched no index (HOT)`, { unit: '%', ours: [{ value: hot * 100 }] }),
    resultOf(`${run}: messages that were not read a minute after the last`, {
      unit: 'messages',
      ours: [{ value: missing }],
      target: { atMost: 0 },
    }),
  ];
}
