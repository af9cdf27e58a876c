import { performance } from 'node:perf_hooks';
import { FindMessageService, ListMessagesService } from '#messages';
import { CostReportService, ReadReportService } from '#reports';

const REPORT_TARGET_MS = 1_000;
const SEARCH_TARGET_MS = 50;

/** Times of reports and searches: median and most of some rounds, after one that warms up. */
export async function measure(database, { id, clientId, recipient, wamid, clientReference, from, to }, rounds) {
  const range = { from, to, senders: 'all' };
  const reader = { clientId, senders: 'all' };
  const costs = new CostReportService(database);
  const reports = new ReadReportService(database);
  const messages = new ListMessagesService(database);
  const finder = new FindMessageService(database);
  const rowsOf = ({ rows }) => `${rows.length} rows`;
  const foundOf = (data) => {
    if (!data.some((message) => message.id === id)) throw new Error('the message was not found');
    return `${data.length} found`;
  };
  const cases = [
    [
      'cost by day and category',
      REPORT_TARGET_MS,
      async () => rowsOf(await costs.read({ ...range, groupBy: ['day', 'category'] })),
    ],
    [
      'delivery funnel by day',
      REPORT_TARGET_MS,
      async () => rowsOf(await reports.read('delivery', { ...range, groupBy: ['day'] })),
    ],
    [
      'delivery funnel by client and template',
      REPORT_TARGET_MS,
      async () => rowsOf(await reports.read('delivery', { ...range, groupBy: ['client', 'template'] })),
    ],
    ['failures by code', null, async () => rowsOf(await reports.read('failures', { ...range, groupBy: ['sender'] }))],
    [
      'times to delivered and read by day',
      null,
      async () => rowsOf(await reports.read('latency', { ...range, groupBy: ['day'] })),
    ],
    [
      'search by recipient',
      SEARCH_TARGET_MS,
      async () => foundOf((await messages.list(reader, { recipient, limit: 50 })).data),
    ],
    [
      'search by client reference',
      SEARCH_TARGET_MS,
      async () => foundOf((await messages.list(reader, { clientReference, limit: 50 })).data),
    ],
    ['search by wamid', SEARCH_TARGET_MS, async () => foundOf([await finder.find(reader, await finder.idOf(wamid))])],
  ];
  const figures = [];
  for (const [what, targetMs, run] of cases) figures.push({ what, targetMs, ...(await time(run, rounds)) });
  // The hour that is filling: what changed in it is counted by the views until a worker has.
  const touch = `INSERT INTO hour_touched (subject, hour) SELECT s, '2026-06-15T12:00:00Z' FROM unnest(ARRAY['message', 'charge']) s`;
  await database.query({ name: '', sql: touch }, []);
  for (const [what, targetMs, run] of cases.slice(0, 2))
    figures.push({ what: `${what}, an hour of it not rolled up yet`, targetMs, ...(await time(run, rounds)) });
  return figures;
}

async function time(run, rounds) {
  const found = await run();
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return { found, medianMs: times[Math.floor(rounds / 2)], mostMs: times.at(-1) };
}
