import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { aMessage, anEnvironment, createTestDatabase, type MessageOverrides, type TestDatabase } from '#testing';
import { MonthsService } from './months.service.js';

let testDatabase: TestDatabase;
let database: Database;
const run = <Row = Record<string, unknown>>(sql: string, ...values: unknown[]) =>
  database.query<Row>({ name: '', sql }, values);
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 10, statementTimeoutMs: 15_000 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** Long ago, so that no partition of it is there but those of the test. */
const NOW = new Date('2020-07-15T12:00:00Z');
const at = (text: string) => new Date(text);

function newMonths(variables: Record<string, string> = { RETENTION_MONTHS: '3' }, on = database) {
  return new MonthsService(
    on,
    anEnvironment({ DATABASE_URL: testDatabase.url, ...variables }),
    Logger.create('silent'),
  );
}
const monthsOf = async (table = 'message') =>
  (
    await run<{ month: string }>(
      `SELECT to_char(month, 'YYYY-MM') AS month FROM month_partition WHERE parent = $1 AND month < '2020-12-01' ORDER BY 1`,
      table,
    )
  ).map(({ month }) => month);
const openAlerts = async () =>
  (await run<{ kind: string }>('SELECT kind FROM alert WHERE closed_at IS NULL ORDER BY 1')).map(({ kind }) => kind);
const idAt = (time: Date) => uuidv7({ msecs: time.getTime() });

/** A message of a time with an event, a status and a notification of its own, and the reference of its client. */
async function message(time: Date, overrides: MessageOverrides = {}) {
  const row = await aMessage(database, { id: idAt(time), createdAt: time, state: 'accepted', ...overrides });
  const { id, clientId } = row;
  const inboxId = idAt(time);
  await run(
    `INSERT INTO event (id, client_id, type, message_id) VALUES ($1, $2, 'message.accepted', $3)`,
    idAt(time),
    clientId,
    id,
  );
  await run(
    `INSERT INTO status_event (message_id, attempt_no, recipient, status, ts, rank, inbox_id, event_id, client_id) VALUES ($1, 1, 'r', 'sent', 1, 2, $2, $1, $3)`,
    ...[id, inboxId, clientId],
  );
  await run(`INSERT INTO inbox (id, raw, sha256) VALUES ($1::uuid, 'raw', sha256($1::uuid::text::bytea))`, inboxId);
  await run(`INSERT INTO inbox_hash VALUES (sha256($1::uuid::text::bytea))`, inboxId);
  await run(
    `INSERT INTO idempotency_key (client_id, key, hash, status, response, message_ids, created_at) VALUES ($1, 'ref:' || $2::uuid::text, sha256('x'), 202, '{}', ARRAY[$2::uuid], $3)`,
    ...[clientId, id, time],
  );
  return { ...row, inboxId };
}
/** What counts hours does. */
const countHours = async () => {
  for (const rollup of ['delivery_hour', 'latency_hour', 'cost_hour']) {
    await run(`DELETE FROM ${rollup} WHERE hour IN (SELECT hour FROM hour_touched)`);
    await run(`INSERT INTO ${rollup} SELECT * FROM touched_${rollup}`);
  }
  await run('DELETE FROM hour_touched');
};

beforeEach(async () => {
  await run(
    'TRUNCATE message, message_content, attempt, event, status_event, inbox, inbox_work, inbox_dead_item, idempotency_key, alert, hour_touched, delivery_hour, latency_hour, cost_hour, charge, charge_template, retention',
  );
  for (const month of ['2020-02-15', '2020-03-15', '2020-04-15', '2020-05-15'])
    await run('SELECT ensure_partitions($1::timestamptz)', month);
});

describe('months ahead', () => {
  it('are made by two workers at once, once', async () => {
    const made = await Promise.all([
      newMonths().prepare(at('2019-01-31T00:00:00Z')),
      newMonths().prepare(at('2019-01-31T00:00:00Z')),
    ]);
    expect(made[0] + made[1]).toBe(24);
    expect((await monthsOf()).slice(0, 4)).toEqual(['2019-01', '2019-02', '2019-03', '2019-04']);
    await newMonths().dropBefore('2020-01');
    await run('TRUNCATE retention');
  });

  it('that cannot be made are an alert, until they can', async () => {
    await run('ALTER FUNCTION ensure_partitions(timestamptz) RENAME TO ensured');
    await expect(newMonths().keep(NOW)).rejects.toThrow('ensure_partitions');
    expect(await openAlerts()).toEqual(['partitions_not_made']);
    await run('ALTER FUNCTION ensured(timestamptz) RENAME TO ensure_partitions');
    await newMonths().keep(NOW);
    expect(await openAlerts()).toEqual([]);
  });

  it('leave an alert about rows of no month', async () => {
    const clientId = uuidv7();
    await run(
      `INSERT INTO event (id, client_id, type) VALUES ('ffffffff-0000-4000-8000-000000000001', $1, 'x')`,
      clientId,
    );
    await newMonths({}).keep(NOW);
    expect(await openAlerts()).toEqual(['partition_strays']);
    await run('DELETE FROM event WHERE client_id = $1', clientId);
    await newMonths({}).keep(NOW);
    expect(await openAlerts()).toEqual([]);
  });
});

describe('retention', () => {
  it('keeps everything unless it is asked for', async () => {
    await message(at('2020-02-10T00:00:00Z'));
    expect(await newMonths({}).retire(NOW)).toEqual({ dropped: [], blocked: null });
    expect(await monthsOf()).toContain('2020-02');
  });

  it('drops months that are over, of every table, and nothing of those that are kept', async () => {
    const gone = await message(at('2020-03-31T23:59:59Z'));
    const kept = await message(at('2020-04-01T00:00:00Z'));
    await countHours();
    expect(await newMonths().retire(NOW)).toEqual({ dropped: ['2020-02', '2020-03'], blocked: null });
    for (const table of ['message', 'message_content', 'attempt', 'event', 'status_event', 'inbox'])
      expect((await monthsOf(table))[0]).toBe('2020-04');
    const left = async (sql: string, id: string) => (await run(sql, id)).length;
    for (const [id, inboxId, count] of [
      [gone.id, gone.inboxId, 0],
      [kept.id, kept.inboxId, 1],
    ] as const) {
      expect(await left('SELECT FROM message WHERE id = $1', id)).toBe(count);
      expect(await left('SELECT FROM attempt WHERE message_id = $1', id)).toBe(count);
      expect(await left('SELECT FROM event WHERE message_id = $1', id)).toBe(count);
      expect(await left('SELECT FROM inbox_hash WHERE sha256 = sha256($1::uuid::text::bytea)', inboxId)).toBe(count);
      expect(await left('SELECT FROM idempotency_key WHERE message_ids[1] = $1', id)).toBe(count);
    }
    expect(await run('SELECT kept_from FROM retention')).toEqual([{ kept_from: at('2020-04-01T00:00:00Z') }]);
    expect(await newMonths().retire(NOW)).toEqual({ dropped: [], blocked: null });
  });

  const OPEN: [string, string, () => Promise<unknown>][] = [
    ['a message that waits', 'messages that wait', () => message(at('2020-03-10T00:00:00Z'), { state: 'queued' })],
    [
      'a message that is being sent',
      'attempts without an end',
      () => message(at('2020-03-10T00:00:00Z'), { state: 'sending' }),
    ],
    [
      'a message without proof',
      'attempts without an end',
      () => message(at('2020-03-10T00:00:00Z'), { state: 'uncertain' }),
    ],
    [
      'a notification that is not applied',
      'notifications that are not applied',
      () => run('INSERT INTO inbox_work (inbox_id) VALUES ($1)', idAt(at('2020-03-10T00:00:00Z'))),
    ],
  ];
  it.each(OPEN)('keeps a month with %s, and all after it', async (_name, open, make) => {
    await message(at('2020-02-10T00:00:00Z'));
    await make();
    await countHours();
    const result = { dropped: ['2020-02'], blocked: { month: '2020-03', open: [open] } };
    expect(await newMonths({ RETENTION_MONTHS: '3' }).retire(at('2020-08-01T00:00:00Z'))).toEqual(result);
    expect((await monthsOf())[0]).toBe('2020-03');
    expect(await openAlerts()).toEqual(['retention_blocked']);
    await run('TRUNCATE message, attempt, inbox_work');
    expect(await newMonths().retire(at('2020-08-01T00:00:00Z'))).toEqual({
      dropped: ['2020-03', '2020-04'],
      blocked: null,
    });
    expect(await openAlerts()).toEqual([]);
  });

  it('keeps a month whose hours are not counted yet', async () => {
    await message(at('2020-03-10T00:00:00Z'));
    expect((await newMonths().retire(NOW)).blocked).toEqual({ month: '2020-03', open: ['hours that are not counted'] });
    await countHours();
    expect(await newMonths().retire(NOW)).toMatchObject({ dropped: ['2020-03'], blocked: null });
  });

  it('lets a notification go that could never be applied', async () => {
    const inboxId = idAt(at('2020-03-10T00:00:00Z'));
    await run(`INSERT INTO inbox_work (inbox_id, state) VALUES ($1, 'dead')`, inboxId);
    await run(`INSERT INTO inbox_dead_item (inbox_id, idx, reason) VALUES ($1, 0, 'r')`, inboxId);
    expect((await newMonths().retire(NOW)).dropped).toContain('2020-03');
    expect(await run('SELECT FROM inbox_work UNION ALL SELECT FROM inbox_dead_item')).toEqual([]);
  });

  it('leaves reports as they were counted, also when something is told of a message that is gone', async () => {
    const time = at('2020-03-10T10:00:00Z');
    const { id, clientId } = await message(time);
    await countHours();
    const figures = () => run('SELECT hour, messages, accepted FROM reporting.delivery');
    const before = await figures();
    expect(before).toEqual([{ hour: time, messages: 1, accepted: 1 }]);
    await newMonths().retire(NOW);
    expect(await figures()).toEqual(before);
    await run(
      `INSERT INTO event (id, client_id, type, message_id) VALUES ($1, $2, 'late', $3)`,
      uuidv7(),
      clientId,
      id,
    );
    await countHours();
    expect(await figures()).toEqual(before);
  });

  it('still names the template of a charge that is priced anew after its message is gone', async () => {
    const time = at('2020-03-31T23:59:00Z');
    const template = { type: 'template', template: { name: 'hello', language: { code: 'en' } } };
    const { id, clientId } = await message(time, { type: 'template', content: template });
    await run(
      `INSERT INTO charge (wamid, message_id, attempt_no, client_id, phone_number_id, waba_id, portfolio_id, recipient, pricing_category, era, charged_at, day, month, currency, mark)
       VALUES ('w', $1, 1, $2, '1', '2', '3', '4', 'utility', 'pmp_1', '2020-04-01T00:01:00Z', '2020-04-01', '2020-04-01', 'EUR', 'rate_missing')`,
      ...[id, clientId],
    );
    await countHours();
    await newMonths().retire(NOW);
    await run(
      `UPDATE charge SET mark = 'rated', amount_micros = 70000, rate_micros = 70000, card_id = gen_random_uuid()`,
    );
    await countHours();
    expect(await run('SELECT template, mark, amount_micros FROM cost_hour')).toEqual([
      { template: 'hello', mark: 'rated', amount_micros: '70000' },
    ]);
  });

  it('waits for whoever works on a row of the month, and sees what it did', async () => {
    const { id, clientId } = await message(at('2020-03-10T10:00:00Z'));
    await countHours();
    let retiring: Promise<unknown> | undefined;
    await database.transaction(async (tx) => {
      await tx.query({ name: '', sql: 'SELECT FROM message WHERE id = $1 FOR UPDATE' }, [id]);
      await tx.query(
        { name: '', sql: `INSERT INTO event (id, client_id, type, message_id) VALUES ($1, $2, 'late', $3)` },
        [uuidv7(), clientId, id],
      );
      retiring = newMonths().retire(NOW);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(await retiring).toMatchObject({ blocked: { month: '2020-03', open: ['hours that are not counted'] } });
    expect(await run('SELECT FROM message WHERE id = $1', id)).toHaveLength(1);
  });

  it('is done by two workers at once', async () => {
    await message(at('2020-03-10T10:00:00Z'));
    await countHours();
    await Promise.all([newMonths().retire(NOW), newMonths().retire(NOW)]);
    expect((await monthsOf())[0]).toBe('2020-04');
  });

  it('lists what is there', async () => {
    await message(at('2020-03-10T10:00:00Z'));
    await run('ANALYZE message');
    const [february, march] = await newMonths().list();
    expect(february).toEqual({ month: '2020-02', bytes: expect.any(Number), messages: 0 });
    expect(march).toEqual({ month: '2020-03', bytes: expect.any(Number), messages: 1 });
    expect(march!.bytes).toBeGreaterThan(february!.bytes);
  });
});
