import { performance } from 'node:perf_hooks';
import { Database } from '#persistence';
import { createTestDatabase } from '#testing';
import { quantiles, resultOf } from '../harness/figures.mjs';
import { feedDueMessages, unfeed } from '../../dist/libs/delivery/src/queries/feed-due-messages.query.js';

const BACKLOG = 1_000_000;
const FILL_BATCH = 50_000;
const ROUND = 2_000;
const ROUNDS = 9;
const SENDER = '800000000000001';
const EVERYTHING = { shares: [0.6, 0.3, 0.1], rooms: [ROUND, ROUND, ROUND], refeedAfterMs: 60_000 };

/** Who has the backlog: one client with bulk, or twenty with all priorities, each of which has its turn. */
const BACKLOGS = [
  { of: 'one client', clients: 1, priorities: 1 },
  { of: '20 clients in 3 priorities', clients: 20, priorities: 3 },
];

/** Queued messages of one sender, due one after the other within the last hour. $3 clients, $4 priorities, the last ones. */
const FILL = `
INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, next_attempt_at, expires_at)
SELECT gen_random_uuid(), md5((i % $3::int)::text)::uuid, '${SENDER}', (15550100000 + i % 9999)::text, 'text', (2 - i % $4::int)::smallint, 'at_least_once',
  now() - (i % 3600) * interval '1 s', now() + interval '1 day'
FROM generate_series($1::int, $2::int) i`;

/** How long the feeder takes to pick 2,000 of 1,000,000 due messages. */
export async function benchFeeder() {
  const figures = [];
  for (const backlog of BACKLOGS) figures.push(await feedFrom(backlog));
  return figures;
}

async function feedFrom({ of, clients, priorities }) {
  const testDatabase = await createTestDatabase();
  const database = new Database({ url: testDatabase.url, poolMax: 2, statementTimeoutMs: 600_000 });
  try {
    for (let from = 1; from <= BACKLOG; from += FILL_BATCH)
      await database.transaction(async (tx) => {
        await tx.query({ name: '', sql: 'SET LOCAL session_replication_role = replica' }, []);
        await tx.query({ name: '', sql: FILL }, [from, from + FILL_BATCH - 1, clients, priorities]);
      });
    await database.query({ name: '', sql: 'VACUUM ANALYZE message' }, []);
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      const fed = await feedDueMessages(database, { lanes: [{ phoneNumberId: SENDER, window: ROUND }], ...EVERYTHING });
      times.push(performance.now() - startedAt);
      if (fed.length < ROUND - 2) throw new Error(`the feeder took ${fed.length}`);
      await unfeed(
        database,
        fed.map(({ messageId }) => messageId),
      );
    }
    return resultOf(`feeder: ${ROUND} of ${BACKLOG} due messages of ${of}`, {
      unit: 'ms',
      ours: times.map((ms) => ({ value: ms, ...quantiles(times) })),
      target: { atMost: 100 },
    });
  } finally {
    await database.close();
    await testDatabase.drop();
  }
}
