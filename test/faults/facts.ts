import { MESSAGE_STATES } from '#messages';
import { eventually } from '#testing';
import { canariesIn } from '../world/canaries.js';
import { SENDERS } from '../world/senders.js';
import { HERALD, type World } from '../world/world.js';
import type { Facts, MessageFact } from './audit.js';

/** Reads what Postgres, the queue, the logs and the simulator know, once every webhook is delivered and applied. */
export async function readFacts(world: World, accepted: readonly string[]): Promise<Facts> {
  await world.simulator.idle();
  await untilApplied(world);
  const [strangers] = await world.query<{ count: number }>(`
    SELECT (SELECT count(*) FROM event e JOIN message m ON m.id = e.message_id WHERE e.client_id <> m.client_id)::int
      + (SELECT count(*) FROM status_event s JOIN message m ON m.id = s.message_id WHERE s.client_id <> m.client_id)::int AS count`);
  const [kept] = await world.query<{ count: number }>('SELECT count(*)::int AS count FROM inbox');
  const { webhooks } = await world.simulator.stats();
  const facts = {
    accepted,
    messages: await readMessages(world),
    sends: await world.simulator.log(),
    webhooks: { answered: webhooks['distinct'] ?? 0, kept: kept?.count ?? 0 },
    keys: (
      await world.query<{ ids: string[] }>("SELECT message_ids AS ids FROM idempotency_key WHERE key LIKE 'key:%'")
    ).map(({ ids }) => ids),
    strangers: strangers?.count ?? 0,
    leaks: await findLeaks(world),
  };
  const changedByReplay = await replay(world);
  return { ...facts, changedByReplay, waitingNotifications: await waiting(world) };
}

const readMessages = (world: World) =>
  world.query<MessageFact>(
    `
    SELECT m.id, m.state, m.reason, m.policy, m.fence::int, m.wa_rank AS "waRank", coalesce(t.attempts, '[]') AS attempts,
      -- A status is told by an event, too: of Meta's, failed is also the name of a state.
      (SELECT coalesce(json_agg(substr(e.type, 9)), '[]') FROM event e WHERE e.message_id = m.id AND substr(e.type, 9) = ANY($1)
        AND NOT EXISTS (SELECT FROM status_event s WHERE s.message_id = m.id AND s.event_id = e.id)) AS told
    FROM message m LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object('no', t.no, 'state', t.state, 'fence', t.fence, 'rank',
        (SELECT coalesce(max(s.rank), 0) FROM status_event s WHERE s.message_id = t.message_id AND s.attempt_no = t.no)) ORDER BY t.no) AS attempts
      FROM attempt t WHERE t.message_id = m.id
    ) t ON true`,
    [MESSAGE_STATES],
  );

const waiting = async (world: World) => (await world.query("SELECT FROM inbox_work WHERE state <> 'dead'")).length;

const untilApplied = (world: World) =>
  eventually(
    async () => {
      const left = await waiting(world);
      if (left > 0) throw new Error(`${left} notifications wait`);
    },
    { timeoutMs: 120_000, intervalMs: 100 },
  );

/** What the drills send: a body, numbers, and the tokens of the senders. Message ids and sender ids are no secret. */
async function findLeaks(world: World): Promise<string[]> {
  const tokens = Object.fromEntries(SENDERS.map((id) => [`the token of ${id}`, `EAAtoken${id}`]));
  const canaries = { 'a body': 'Your table is ready', ...tokens };
  const metrics = await Promise.all(HERALD.map((name) => world.metrics(name)));
  const places = {
    'the queue': await world.queue.dump(),
    'the logs': world.output(),
    'the metrics': metrics.join('\n'),
  };
  return Object.entries(places).flatMap(([place, text]) => [
    ...canariesIn(text, canaries).map((what) => `${place} hold ${what}`),
    ...(/\b1555\d{7}\b/.test(text) ? [`${place} hold a phone number`] : []),
  ]);
}

/** What notifications make, a text a row. */
const PROJECTIONS = `
  SELECT 's' || s::text AS row FROM (SELECT message_id, attempt_no, recipient, status, ts, code, rank, pricing_category, pricing_type FROM status_event) s
  UNION ALL SELECT 'i' || i::text FROM (SELECT wamid, contact, type, ts, content FROM inbound_message) i
  UNION ALL SELECT 'm' || m::text FROM (SELECT id, state, wa_rank, sent_at, delivered_at, read_at, failed_at, wa_error_code FROM message) m
  UNION ALL SELECT 'o' || o::text FROM (SELECT wamid, recipient, status, ts, code FROM orphan_status) o
  UNION ALL SELECT 'e' || e::text FROM (SELECT id, type, message_id FROM event) e`;

/** Applies every notification once more. @returns how many rows came out otherwise */
async function replay(world: World): Promise<number> {
  const read = async () => (await world.query<{ row: string }>(PROJECTIONS)).map(({ row }) => row);
  const before = new Set(await read());
  await world.query(
    'INSERT INTO inbox_work (inbox_id, received_at) SELECT id, received_at FROM inbox ON CONFLICT DO NOTHING',
  );
  await untilApplied(world);
  const after = await read();
  return after.filter((row) => !before.has(row)).length + (before.size - new Set(after).size);
}
