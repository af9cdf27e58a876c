import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AttachOrphansService } from '#delivery';
import {
  ImportRateCardService,
  PriceWaitingService,
  RecentRates,
  SAMPLE_RATE_CARD,
  sampleRateCardCsv,
  SettleTiersService,
} from '#pricing';
import { keepReadFacts } from '#senders';
import { aClient, A_SENDER, aMessage, anEnvironment } from '#testing';
import { deliveriesOf, fixtureNames, sendFixtureMessages } from '../specs/fixture-world.js';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from '../specs/intake-world.js';
import { PROJECTIONS } from './projections.js';
import { ReplayInboxService } from './replay-inbox.service.js';
import { LIVE_TABLES, SCRATCH_TABLES } from './scratch-tables.js';

const TIERS = 'market,category,from,to,rate\nGermany,utility,1,3,0.055\nGermany,utility,4,,0.04\n';

let world: IntakeWorld;
let clientId: string;
beforeAll(async () => {
  world = await openIntakeWorld();
  clientId = (await aClient(world.database)).id;
  const card = { ...SAMPLE_RATE_CARD, validUntil: null, isOfficial: false, tiersCsv: TIERS };
  await new ImportRateCardService(
    world.database,
    new RecentRates(world.database),
    new PriceWaitingService(world.database),
  ).import({
    ...card,
    csv: sampleRateCardCsv(),
  });
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.run('TRUNCATE portfolio_limit, template');
  // Notifications of before their sender are none of its.
  await world.run(`UPDATE waba SET created_at = '2024-01-01'`);
  await world.run(
    `UPDATE sender SET created_at = '2024-01-01', display_number = '+1 555-010-0100', throughput_limit = 80, throughput_known_at = NULL`,
  );
});

const replay = () =>
  new ReplayInboxService(
    world.database,
    anEnvironment({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }),
  ).replay();
const differing = async () =>
  Object.fromEntries((await replay()).tables.flatMap(({ table, differing: n }) => (n > 0 ? [[table, n]] : [])));
const apply = () => world.newIntake().apply();
const now = Math.floor(Date.now() / 1_000);

/** Meta's answer to a send that statuses came before, as far as statuses go. */
async function answer(id: string, wamid: string): Promise<void> {
  await world.run(
    `UPDATE attempt SET wamid = $2, state = 'accepted', ended_at = now() WHERE message_id = $1 AND wamid IS NULL`,
    id,
    wamid,
  );
  await world.run(
    `UPDATE message SET state = 'accepted', lease_until = NULL, lease_owner = NULL WHERE id = $1 AND state <> 'accepted'`,
    id,
  );
  await new AttachOrphansService(world.database).attach([wamid]);
}

/** A month of a client's traffic, in no good order: some statuses before the answer, twice, and from another system; people who answer. */
async function traffic(): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    const recipient = `49155500001${String(n).padStart(2, '0')}`;
    const wamid = `wamid.out.${n}`;
    const isKnown = n % 3 !== 0;
    const { id } = await aMessage(world.database, {
      clientId,
      recipient,
      ...(isKnown ? { state: 'accepted', attempts: [{ state: 'accepted', wamid }] } : { state: 'sending' }),
    });
    ids.push(id);
    const pricing = { pricing_model: 'PMP', type: 'regular', category: 'utility' };
    const at = now - 86_400 + ((n * 7) % 12) * 60;
    const opaque = n % 2 === 0 ? `a1.${id}.1` : undefined;
    const one = (status: string, seconds: number) =>
      aStatus({
        wamid,
        status,
        ts: at + seconds,
        ...(status === 'read' ? {} : { pricing }),
        ...(opaque ? { opaque } : {}),
      });
    await world.store(aDelivery({ statuses: [one('read', 30), one('delivered', 9)] }));
    if (n % 4 === 0) await world.store(aDelivery({ statuses: [one('delivered', 9), one('sent', 2)] }));
    const message = {
      ...anInbound(`wamid.in.${n}`, n === 5 ? 'STOP' : 'Hi'),
      from: recipient,
      timestamp: String(at + 60),
    };
    await world.store(aDelivery({ messages: [message, message], contacts: [] }));
    if (n === 7) {
      const revoke = {
        ...message,
        id: 'wamid.r',
        type: 'revoke',
        text: undefined,
        revoke: { original_message_id: message.id },
      };
      await world.store(aDelivery({ messages: [revoke] }));
    }
    await apply();
    if (!isKnown) await answer(id, wamid);
  }
  await world.store(
    aDelivery({
      statuses: [
        aStatus({
          wamid: 'wamid.foreign',
          ts: now - 60,
          pricing: { pricing_model: 'PMP', type: 'regular', category: 'utility' },
        }),
      ],
    }),
  );
  await apply();
  return ids;
}

async function allFixtures(): Promise<void> {
  await sendFixtureMessages(world);
  const all = fixtureNames().flatMap(deliveriesOf).toReversed();
  for (const [n, { body, receivedAt }] of all.entries()) {
    await world.store(body, receivedAt);
    if (n % 10 === 0) await apply();
  }
  await apply();
}

describe('a replay of the inbox', () => {
  it('after every fixture, delivered backwards, leads to the same tables', async () => {
    await allFixtures();
    const report = await replay();
    expect(report.tables.filter((table) => table.differing > 0)).toEqual([]);
    expect(report).toMatchObject({ failed: [], leftOut: 0 });
    expect(report.notifications).toBe(fixtureNames().flatMap(deliveriesOf).length);
    const compared = Object.fromEntries(report.tables.map((table) => [table.table, table.compared]));
    expect(Object.keys(compared)).toEqual([...PROJECTIONS.map(({ name }) => name), 'charge']);
    // A replay that compared nothing would find nothing. Statuses without a message are older than those that are kept.
    const { orphan_status: old, ...others } = compared;
    expect(old).toBe(0);
    for (const [table, count] of Object.entries(others)) expect([table, count > 0]).toEqual([table, true]);
  }, 60_000);

  it('after traffic out of order leads to the same tables, tiers settled or not', async () => {
    await traffic();
    expect(await world.run(`SELECT FROM charge WHERE mark = 'rated'`)).toHaveLength(13);
    expect(await differing()).toEqual({});
    await new SettleTiersService(world.database).settle();
    expect(await differing()).toEqual({});
  }, 60_000);

  it('changes no row of any table, nor the place of one', async () => {
    await allFixtures();
    const whole = async () =>
      Promise.all(
        [...Object.keys(SCRATCH_TABLES), ...LIVE_TABLES].map((table) =>
          world.run(`SELECT tableoid, ctid, xmin, t::text AS row FROM public.${table} t ORDER BY tableoid, ctid`),
        ),
      );
    const before = await whole();
    await replay();
    expect(await whole()).toEqual(before);
  }, 60_000);

  it.each([
    ['status_event', `DELETE FROM status_event WHERE status = 'read'`],
    ['message', `UPDATE message SET read_at = read_at + interval '1 second' WHERE read_at IS NOT NULL`],
    ['message', `UPDATE message SET wa_error_code = 131000 WHERE wa_rank >= 4`],
    ['orphan_status', `DELETE FROM orphan_status`],
    ['inbound_message', `UPDATE inbound_message SET profile_name = 'Eve'`],
    ['inbound_message', `DELETE FROM inbound_message WHERE wamid = 'wamid.in.2'`],
    ['inbound_deletion', `UPDATE inbound_deletion SET deleted_at = now()`],
    ['window_closing', `INSERT INTO window_closing VALUES ('800000000000001', '15550100001', now())`],
    ['conversation', `UPDATE conversation SET expires_at = expires_at + interval '1 second'`],
    ['marketing_suppression', `UPDATE marketing_suppression SET lifted_at = now()`],
    ['marketing_choice_told', `DELETE FROM marketing_choice_told`],
    ['account_fact', `DELETE FROM account_fact`],
    ['portfolio_limit', `UPDATE portfolio_limit SET users = 7`],
    ['sender', `UPDATE sender SET throughput_limit = 20`],
    ['template', `UPDATE template SET status = 'APPROVED'`],
    [
      'charge',
      `UPDATE charge SET rate_micros = rate_micros + 1, amount_micros = amount_micros + 1 WHERE mark = 'rated'`,
    ],
    ['charge', `UPDATE tier_adjustment SET amount_micros = amount_micros + 1`],
  ])(
    'finds what was changed by hand in %s: %s',
    async (table, sql) => {
      await traffic();
      for (const file of ['capability_250', 'phone_quality_throughput', 'template_status_paused'])
        for (const { body, receivedAt } of deliveriesOf(file)) await world.store(body, receivedAt);
      await apply();
      await new SettleTiersService(world.database).settle();
      await world.run('ALTER TABLE status_event DISABLE TRIGGER USER');
      await world.run(sql);
      await world.run('ALTER TABLE status_event ENABLE TRIGGER USER');
      const found = await replay();
      expect(found.tables.filter((each) => each.differing > 0).map((each) => each.table)).toEqual([table]);
      expect(found.tables.find((each) => each.table === table)?.examples[0]).toEqual(expect.any(String));
    },
    60_000,
  );

  it('leaves out a choice whose word was deleted, under every identifier, until another is made', async () => {
    const says = (body: string, secondsAgo: number) => ({
      ...anInbound(`wamid.${body}.${secondsAgo}`, body),
      ...{ from: '551187654321', from_user_id: 'BR.1', timestamp: String(now - secondsAgo) },
    });
    const start = says('START', 50);
    const revoke = { ...says('', 40), type: 'revoke', text: undefined, revoke: { original_message_id: start.id } };
    await world.store(aDelivery({ messages: [says('STOP', 60), start, revoke] }));
    await apply();
    expect(await differing()).toEqual({});
    await world.store(aDelivery({ messages: [says('stop', 30)] }));
    await apply();
    expect(await differing()).toEqual({});
    await world.run('UPDATE marketing_suppression SET wants = true');
    expect(await differing()).toEqual({ marketing_suppression: 3 });
  });

  it('leaves out a choice whose word had no time, came twice and was deleted', async () => {
    const word = { ...anInbound('wamid.word', 'STOP'), timestamp: undefined };
    const revoke = {
      ...anInbound('wamid.r'),
      type: 'revoke',
      text: undefined,
      revoke: { original_message_id: word.id },
    };
    for (const secondsAgo of [30, 60, 20])
      await world.store(aDelivery({ messages: [word] }), new Date((now - secondsAgo) * 1_000 + 7));
    await world.store(aDelivery({ messages: [revoke] }));
    await apply();
    expect(await world.run('SELECT FROM marketing_choice_told')).toHaveLength(3);
    expect(await differing()).toEqual({});
  });

  it('leaves out the deletion of a message that was known as ours only later', async () => {
    const { id } = await aMessage(world.database, { clientId, state: 'sending' });
    await world.store(aDelivery({ statuses: [aStatus({ wamid: 'wamid.1', status: 'deleted' })] }));
    await apply();
    await answer(id, 'wamid.1');
    expect(await world.message(id)).toMatchObject({ deletedAt: expect.any(Date) });
    expect(await differing()).toEqual({});
  });

  it('keeps what was read from Meta, which no notification tells', async () => {
    const subject = `id:${A_SENDER.phoneNumberId}`;
    await world.database.transaction((tx) =>
      keepReadFacts(tx, [{ wabaId: A_SENDER.wabaId, subject, kind: 'quality_rating', value: 'RED', at: new Date() }]),
    );
    expect(await differing()).toEqual({});
  });

  it('leaves out what still waits, what is dead, and what came before its sender was added', async () => {
    const [waits, dead] = [
      await world.store(aDelivery({ messages: [anInbound('wamid.dead')] })),
      await world.store(aDelivery({ messages: [anInbound('wamid.waits')] })),
    ].toReversed();
    await world.run(`DELETE FROM inbox_work WHERE inbox_id = $1`, dead);
    await world.run(`INSERT INTO inbox_dead_item (inbox_id, idx, reason) VALUES ($1, 0, 'x')`, dead);
    await world.store(aDelivery({ messages: [anInbound('wamid.before')] }), new Date('2023-12-31'));
    await world.run(`DELETE FROM inbox_work WHERE inbox_id <> $1`, waits);
    const report = await replay();
    expect(report).toMatchObject({ notifications: 2, leftOut: 2, items: 0 });
    expect(report.tables.filter((table) => table.differing > 0)).toEqual([]);
  });

  it('says what it cannot apply, and applies the rest', async () => {
    await world.store(aDelivery({ messages: [anInbound('wamid.1'), anInbound('wamid.poison')] }));
    await apply();
    // As a rule that came later, and that what is stored already breaks.
    await world.run(`ALTER TABLE inbound_message ADD CONSTRAINT no_poison CHECK (wamid NOT LIKE '%poison%') NOT VALID`);
    try {
      const { failed, tables } = await replay();
      expect(failed).toMatchObject([{ idx: 1, reason: expect.stringContaining('check constraint') }]);
      expect(tables.find(({ table }) => table === 'inbound_message')).toMatchObject({ compared: 2, differing: 1 });
    } finally {
      await world.run('ALTER TABLE inbound_message DROP CONSTRAINT no_poison');
    }
  });

  it('knows every table: whether it follows from notifications, is copied, or is none of its concern', async () => {
    const tables = await world.run<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> '_prisma_migrations'`,
    );
    expect(tables.map(({ name }) => name).sort()).toEqual([...Object.keys(SCRATCH_TABLES), ...LIVE_TABLES].sort());
  });
});
