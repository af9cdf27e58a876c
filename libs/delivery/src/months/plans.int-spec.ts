import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { recordStatuses } from '#messages';
import { Database, type Tx } from '#persistence';
import { aMessage, createTestDatabase, planning, type TestDatabase } from '#testing';
import { deferMessages } from '../pacing/queries/defer-messages.query.js';
import { markFed } from '../pacing/queries/mark-fed.query.js';
import { readDueMessages } from '../pacing/queries/read-due-messages.query.js';
import { claimDueMessages } from '../queries/claim-due-messages.query.js';
import { expireLeases } from '../queries/expire-leases.query.js';
import { expireMessages } from '../queries/expire-messages.query.js';
import { feedDueMessages, readWaitingRange } from '../queries/feed-due-messages.query.js';
import { hasClaimable } from '../queries/has-claimable.query.js';
import { putBackUnclaimed } from '../queries/put-back-unclaimed.query.js';
import { lockResolvable } from '../queries/resolve-uncertain.query.js';
import { type Settlement, settleAttempts } from '../queries/settle-attempts.query.js';
import { noteStatuses } from '../queries/status-channel.query.js';

const IDS = Array.from({ length: 100 }, () => uuidv7());
const GRACE = { atLeastOnceMs: 1, atMostOnceMs: 1 };
const SETTLEMENT = {
  ...{ fence: '1', attemptNo: 1, state: 'accepted', attempt: 'accepted', reason: 'answered', usesFallback: false },
  ...{ wamid: 'w', httpStatus: 200, http2xx: true, errorCode: null, detail: null, delayMs: null, awaitsTarget: null },
};
const STATUS = {
  ...{ attemptNo: 1, wamid: 'w', status: 'sent', rank: 2, ts: 1, code: 0, recipient: 'r', pricing: null },
  ...{ conversation: null, errors: null },
};
type NamedWork = [string, (tx: Tx) => Promise<unknown>];
const PLANNED_ONCE: NamedWork[] = [
  ['claim', (tx) => claimDueMessages(tx, { messageIds: IDS, eventIds: IDS, leaseOwner: 'w', leaseMs: 1 })],
  [
    'settle',
    (tx) =>
      settleAttempts(
        tx,
        IDS.map((id): Settlement => ({ ...SETTLEMENT, messageId: id, eventId: id })),
        GRACE,
      ),
  ],
  ['look before a claim', (tx) => readDueMessages(tx, IDS, { pairTokenMs: 1, releasedForMs: 1 })],
  ['put back', (tx) => putBackUnclaimed(tx, IDS)],
];
const PARTITION = /^(message|message_content|attempt|status_event|event)_(\d{4}_\d{2}|default)$/;

let testDatabase: TestDatabase;
let database: Database;
/** Half a year of some traffic: small tables are rightly read whole. */
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 2, statementTimeoutMs: 60_000 });
  const run = (sql: string) => database.query({ name: '', sql }, []);
  await run(
    `SELECT ensure_partitions(m) FROM generate_series(now() - interval '6 months', now(), interval '1 month') m`,
  );
  await run(`
WITH r AS (SELECT set_config('session_replication_role', 'replica', true)), m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, state, fence, attempt_no, next_attempt_at, expires_at)
  SELECT uuidv7(-i * interval '9 minutes'), '00000000-0000-7000-8000-000000000001', (800 + i % 20)::text, (15552000000 + i)::text, 'text', 1, 'at_least_once', 'accepted', 1, 1, NULL, now()
  FROM r, generate_series(0, 30000) i RETURNING id
), c AS (
  INSERT INTO message_content (id, content) SELECT id, '{"type":"text","text":{"body":"Your table is ready"}}' FROM m
)
INSERT INTO attempt (message_id, no, fence, state, wamid, started_at, ended_at) SELECT id, 1, 1, 'accepted', 'wamid.' || id, now(), now() FROM m`);
  await run('ANALYZE message, message_content, attempt, event, status_event');
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const planned = async (work: (tx: Tx) => Promise<unknown>) => {
  const { tx, plans } = planning(database);
  await work(tx);
  return plans.map(({ name, tables, wholeTables }) => ({
    name,
    partitions: tables.filter((table) => PARTITION.test(table)),
    whole: wholeTables.filter((table) => PARTITION.test(table)),
  }));
};
const thisMonth = () => new Date().toISOString().slice(0, 7).replace('-', '_');

describe('statements that are given ids', () => {
  it.each<NamedWork>([
    ...PLANNED_ONCE,
    [
      'record statuses',
      (tx) =>
        recordStatuses(
          tx,
          IDS.map((id) => ({ ...STATUS, messageId: id, inboxId: id, eventId: id })),
        ),
    ],
    [
      'note statuses',
      (tx) =>
        noteStatuses(
          tx,
          IDS.map((messageId) => ({ messageId, attemptNo: 1 })),
          1,
        ),
    ],
    ['mark as fed', (tx) => markFed(tx, IDS)],
    [
      'defer',
      (tx) =>
        deferMessages(
          tx,
          IDS.map((messageId) => ({ messageId, reason: 'pair_pace', afterMs: 1 })),
        ),
    ],
  ])('%s: only their month is planned for', async (_name, work) => {
    const plans = await planned(work);
    expect(plans).not.toEqual([]);
    for (const { partitions } of plans) {
      expect(partitions).not.toEqual([]);
      expect(partitions.filter((partition) => !partition.endsWith(thisMonth()))).toEqual([]);
    }
  });
});

describe('statements that are planned once', () => {
  interface Node {
    'Node Type': string;
    'Relation Name'?: string;
    'Index Cond'?: string;
    'Recheck Cond'?: string;
    Plans?: Node[];
  }
  const all = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(all)];
  /** How a statement's rows are found in the tables of months, whatever values it is given. */
  const accesses = async (work: (tx: Tx) => Promise<unknown>) => {
    let plan: Node[] = [];
    await work({
      query: async ({ sql, plan: kind }) => {
        const [row] = await database.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
          { name: '', sql: `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${sql}`, plan: kind },
          [],
        );
        expect(kind).toBe('generic');
        plan = (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => all(Plan));
        return [];
      },
    });
    return plan
      .filter((node) => node['Node Type'] !== 'ModifyTable' && PARTITION.test(node['Relation Name'] ?? ''))
      .map((node) => node['Index Cond'] ?? node['Recheck Cond'] ?? node['Node Type']);
  };

  it.each<NamedWork>(PLANNED_ONCE)(
    '%s: find each row by its id, and read no month from end to end',
    async (_name, work) => {
      const found = await accesses(work);
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter((condition) => !/[^<>]= /.test(condition))).toEqual([]);
    },
  );
});

describe('the feeder', () => {
  const round = {
    lanes: [{ phoneNumberId: '800', window: 100 }],
    shares: [4, 2, 1],
    rooms: [9, 9, 9],
    refeedAfterMs: 1,
  };
  const monthsFed = async () => {
    const ids = await readWaitingRange(database);
    const [plan] = await planned((tx) => feedDueMessages(tx, { ...round, ids }));
    return plan?.partitions
      .map((partition) => partition.replace('message_', ''))
      .filter((month) => month !== nextMonth());
  };
  /** The running month goes on for a day more than it lasts. */
  const nextMonth = () =>
    new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1))
      .toISOString()
      .slice(0, 7)
      .replace('-', '_');

  it('plans for the running month only, as long as no message of another waits', async () => {
    expect(await monthsFed()).toEqual([thisMonth()]);
  });

  it('plans for what lies between the months in which messages wait', async () => {
    const old = await aMessage(database, { id: uuidv7({ msecs: Date.now() - 65 * 86_400_000 }) });
    expect((await monthsFed())?.length).toBeGreaterThanOrEqual(3);
    expect((await monthsFed())?.length).toBeLessThanOrEqual(4);
    const stray = await aMessage(database, { id: 'ffffffff-0000-4000-8000-000000000001' });
    expect(await monthsFed()).toContain('default');
    await database.query({ name: '', sql: 'DELETE FROM message WHERE id = ANY($1::uuid[])' }, [[old.id, stray.id]]);
  });
});

describe('statements that look for what is due in every month', () => {
  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    [
      'feed',
      (tx) =>
        feedDueMessages(tx, {
          lanes: [{ phoneNumberId: '800', window: 100 }],
          shares: [4, 2, 1],
          rooms: [9, 9, 9],
          refeedAfterMs: 1,
        }),
    ],
    ['is anything claimable', (tx) => hasClaimable(tx)],
    ['expire leases', (tx) => expireLeases(tx, IDS, GRACE)],
    ['expire messages', (tx) => expireMessages(tx, IDS)],
    ['resolve', (tx) => lockResolvable(tx, { limit: 100, settleMs: 1, maxGraceMs: 1 })],
  ])('%s: none is read whole', async (_name, work) => {
    const plans = await planned(work);
    expect(plans.flatMap(({ partitions }) => partitions).length).toBeGreaterThan(9);
    expect(plans.flatMap(({ whole }) => whole)).toEqual([]);
  });
});

describe('what counts an hour', () => {
  it.each(['touched_delivery_hour', 'touched_latency_hour', 'touched_cost_hour'])(
    '%s: no month is read whole',
    async (view) => {
      const plans = await planned((tx) =>
        tx.query({ name: '', sql: `SELECT * FROM ${view} WHERE hour = ANY ($1::timestamptz[])` }, [[new Date(0)]]),
      );
      expect(plans.flatMap(({ partitions }) => partitions).length).toBeGreaterThan(9);
      expect(plans.flatMap(({ whole }) => whole)).toEqual([]);
    },
  );
});

describe('while many messages wait', () => {
  const run = (sql: string) => database.query({ name: '', sql }, []);
  beforeAll(async () => {
    await run(`INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, expires_at)
      SELECT uuidv7(), '00000000-0000-7000-8000-000000000001', '800', '15552000000', 'text', 1, 'at_least_once', now() + interval '1 day' FROM generate_series(1, 3000)`);
    await run('ANALYZE message');
  });
  afterAll(() => run(`DELETE FROM message WHERE state = 'queued'`));

  it('those whose time is over are not looked for among all', async () => {
    const plans = await planned((tx) => expireMessages(tx, IDS));
    expect(plans.flatMap(({ whole }) => whole)).toEqual([]);
  });
});
