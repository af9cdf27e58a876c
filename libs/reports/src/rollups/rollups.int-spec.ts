import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type AttemptStatus, recordStatuses } from '#messages';
import {
  ImportRateCardService,
  PriceWaitingService,
  RecentRates,
  recordCharges,
  SAMPLE_RATE_CARD,
  sampleRateCardCsv,
} from '#pricing';
import { countHours, findTouchedHours, lockRollups } from './rollups.query.js';
import { BERLIN, KOLKATA, openReportWorld, type ReportWorld, seeded, shuffled } from '../specs/report-world.js';

let world: ReportWorld;
beforeAll(async () => {
  world = await openReportWorld();
  await new ImportRateCardService(
    world.database,
    new RecentRates(world.database),
    new PriceWaitingService(world.database),
  ).import({
    ...SAMPLE_RATE_CARD,
    ...{ validUntil: null, isOfficial: false, csv: sampleRateCardCsv(), tiersCsv: null },
  });
}, 60_000);
afterAll(() => world.close());
beforeEach(() =>
  world.run(
    'TRUNCATE message, message_content, attempt, event, status_event, charge, tier_usage, tier_adjustment, hour_touched, delivery_hour, latency_hour, cost_hour',
  ),
);

const RANKS: Record<string, number> = { sent: 2, failed: 3, delivered: 4, read: 5 };

/** What Meta may tell of a message, in order. */
const STORIES = [
  ['sent', 'delivered', 'read'],
  ['sent', 'delivered'],
  ['sent'],
  ['sent', 'failed'],
  ['delivered', 'read'],
  [],
];

const HELLO = { type: 'template', template: { name: 'hello', language: { code: 'en' } } };

interface Sent {
  messageId: string;
  wamid: string;
  acceptedAt: number;
}

function statusesOf({ messageId, wamid, acceptedAt }: Sent, story: readonly string[], random: () => number) {
  let ts = acceptedAt;
  return story.map((status): AttemptStatus => {
    ts += 1 + Math.floor(random() * 5_000);
    const pricing = status === 'read' ? null : { category: 'marketing', type: 'regular', model: 'PMP' };
    const rank = RANKS[status] ?? 0;
    const code = status === 'failed' ? 131_026 : 0;
    return {
      ...{ messageId, attemptNo: 1, wamid, status, rank, ts, code, recipient: '4915550000101', pricing },
      ...{ conversation: null, errors: null, inboxId: uuidv7(), eventId: uuidv7() },
    };
  });
}

/** What intake does with statuses. */
const apply = (statuses: readonly AttemptStatus[]) =>
  world.database.transaction(async (tx) => {
    const distinct = [
      ...new Map(statuses.map((each) => [`${each.messageId} ${each.status} ${each.ts}`, each])).values(),
    ];
    await recordStatuses(tx, distinct);
    await recordCharges(
      tx,
      distinct.map(({ messageId, attemptNo }) => ({ messageId, attemptNo })),
    );
  });

/** Some messages of two days, clients and senders, and everything that is told of them. */
async function aBusyDay(random: () => number): Promise<AttemptStatus[]> {
  const statuses: AttemptStatus[] = [];
  for (let index = 0; index < 120; index += 1) {
    const acceptedAt = Date.parse('2026-09-10T16:00:00Z') + Math.floor(random() * 10 * 3_600_000);
    const template = random() < 0.5 ? 'hello' : 'offer';
    const { id, attempts } = await world.message(new Date(acceptedAt), {
      state: 'accepted',
      phoneNumberId: random() < 0.5 ? BERLIN.phoneNumberId : KOLKATA.phoneNumberId,
      clientId: random() < 0.5 ? world.shop : world.bank,
      recipient: '4915550000101',
      category: 'marketing',
      type: 'template',
      content: { type: 'template', template: { name: template, language: { code: 'en' } } },
    });
    const sent = { messageId: id, wamid: attempts[0]?.wamid ?? '', acceptedAt: Math.floor(acceptedAt / 1_000) };
    const story = STORIES[Math.floor(random() * STORIES.length)] ?? [];
    statuses.push(...statusesOf(sent, story, random));
  }
  return statuses;
}

const COUNTS = ['messages', 'accepted', 'sent', 'delivered', 'read', 'failed'] as const;
type Count = Record<(typeof COUNTS)[number], number>;
const zoneOf = (phoneNumberId: string) => (phoneNumberId === BERLIN.phoneNumberId ? BERLIN : KOLKATA).timezone;
const dayIn = (timeZone: string, at: Date) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);

/** The funnel, counted from the messages one by one, without a word of SQL. */
async function freshFunnel(): Promise<Record<string, Count>> {
  const names = new Map([
    [world.shop, 'shop'],
    [world.bank, 'bank'],
  ]);
  const contents = new Map(
    (await world.database.prisma.messageContent.findMany()).map(({ id, content }) => [id, content]),
  );
  const funnel: Record<string, Count> = {};
  for (const m of await world.database.prisma.message.findMany()) {
    const { template } = contents.get(m.id) as { template: { name: string } };
    const key = [
      dayIn(zoneOf(m.phoneNumberId), m.createdAt),
      names.get(m.clientId),
      m.phoneNumberId,
      template.name,
    ].join(' ');
    const count = (funnel[key] ??= { messages: 0, accepted: 0, sent: 0, delivered: 0, read: 0, failed: 0 });
    const isDelivered = (m.deliveredAt ?? m.readAt) !== null;
    count.messages += 1;
    count.accepted += 1;
    count.sent += m.sentAt !== null || isDelivered ? 1 : 0;
    count.delivered += isDelivered ? 1 : 0;
    count.read += m.readAt === null ? 0 : 1;
    count.failed += m.failedAt !== null && !isDelivered ? 1 : 0;
  }
  return funnel;
}

/** The same as some relation says. */
async function funnelOf(from: string): Promise<Record<string, Count>> {
  const rows = await world.run<Count & { key: string }>(
    `SELECT concat_ws(' ', day, client, sender, template) AS key, ${COUNTS.map((name) => `sum(${name})::int AS ${name}`).join(', ')} FROM ${from} GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ key, ...count }) => [key, count]));
}
const REPORTED = 'reporting.delivery';
const ROLLED_UP = `(SELECT d.*, k.name AS client, phone_number_id AS sender FROM delivery_hour d JOIN client k ON k.id = d.client_id) x`;

const costsOf = (from: string) =>
  world.run(
    `SELECT day::text, category, market, mark, sum(messages)::int AS messages, sum(amount_micros)::int AS amount FROM ${from} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
  );
const FRESH_CHARGES = '(SELECT day, category, market, mark, 1 AS messages, amount_micros FROM charge) c';

const latenciesOf = (from: string) =>
  world.run(
    `SELECT step, sum(messages)::int AS messages, sum(seconds * messages)::int AS seconds FROM ${from} GROUP BY 1 ORDER BY 1`,
  );

describe('the rollups', () => {
  it.each([1, 2, 3])(
    'are what a fresh count says, after statuses in any order, twice and late (seed %i)',
    async (seed) => {
      const random = seeded(seed);
      const statuses = await aBusyDay(random);
      await world.refresh();
      const arriving = shuffled([...statuses, ...statuses.filter(() => random() < 0.3)], random);
      for (let from = 0; from < arriving.length; from += 25) {
        await apply(arriving.slice(from, from + 25));
        if (random() < 0.5) await world.refresh();
        // Reports are exact whether or not the rollups are.
        expect(await funnelOf(REPORTED)).toEqual(await freshFunnel());
        expect(await costsOf('reporting.cost')).toEqual(await costsOf(FRESH_CHARGES));
      }
      await world.refresh();
      expect(await world.run('SELECT * FROM hour_touched')).toEqual([]);
      expect(await funnelOf(ROLLED_UP)).toEqual(await freshFunnel());
      expect(await funnelOf(REPORTED)).toEqual(await freshFunnel());
      const costs = await costsOf(FRESH_CHARGES);
      expect(costs.length).toBeGreaterThan(0);
      expect(await costsOf('cost_hour')).toEqual(costs);
      expect(await latenciesOf('latency_hour')).toEqual(await latenciesOf('reporting.latency'));
    },
    60_000,
  );

  it('follow a charge whose first delivery turns out to be earlier, to another hour and day', async () => {
    const { id, attempts } = await world.message('2026-09-10T20:00:00Z', {
      state: 'accepted',
      recipient: '4915550000101',
    });
    const sent = {
      messageId: id,
      wamid: attempts[0]?.wamid ?? '',
      acceptedAt: Date.parse('2026-09-10T20:00:00Z') / 1_000,
    };
    const [delivered] = statusesOf(sent, ['delivered'], () => 0);
    if (delivered === undefined) throw new Error('no status');
    await apply([{ ...delivered, ts: Date.parse('2026-09-10T22:30:00Z') / 1_000 }]);
    await world.refresh();
    expect(await costsOf('cost_hour')).toMatchObject([{ day: '2026-09-11', messages: 1 }]);
    await apply([{ ...delivered, ts: Date.parse('2026-09-10T21:30:00Z') / 1_000, eventId: uuidv7() }]);
    expect(await costsOf('reporting.cost')).toMatchObject([{ day: '2026-09-10', messages: 1 }]);
    await world.refresh();
    expect(await costsOf('cost_hour')).toMatchObject([{ day: '2026-09-10', messages: 1 }]);
  });

  it('are counted on other days when the time zone of an account turns out to be another', async () => {
    await world.message('2026-09-10T20:00:00Z', { state: 'accepted', type: 'template', content: HELLO });
    const days = (from: string) =>
      world.run(`SELECT day::text, sum(messages)::int AS messages FROM ${from} GROUP BY 1`);
    const setZone = (timezone: string) =>
      world.database.prisma.waba.update({ where: { id: BERLIN.wabaId }, data: { timezone } });
    await world.refresh();
    expect(await days('delivery_hour')).toEqual([{ day: '2026-09-10', messages: 1 }]);
    try {
      await setZone(BERLIN.timezone);
      expect(await world.refresh()).toBe(0);
      await setZone('Asia/Tokyo');
      expect(await days('reporting.delivery')).toEqual([{ day: '2026-09-11', messages: 1 }]);
      await world.refresh();
      expect(await days('delivery_hour')).toEqual([{ day: '2026-09-11', messages: 1 }]);
    } finally {
      await setZone(BERLIN.timezone);
    }
  });

  it('are counted by one worker at a time, and a change in the middle is not lost', async () => {
    const random = seeded(4);
    const statuses = await aBusyDay(random);
    await Promise.all([
      ...[0, 1, 2].map((part) => apply(statuses.filter((_, index) => index % 3 === part))),
      ...Array.from({ length: 6 }, () => world.refresh()),
    ]);
    await world.refresh();
    expect(await funnelOf(ROLLED_UP)).toEqual(await freshFunnel());
  }, 60_000);

  it('keep the mark of a change that comes while its hour is counted', async () => {
    const { id, attempts } = await world.message('2026-09-10T20:00:00Z', {
      state: 'accepted',
      type: 'template',
      content: HELLO,
    });
    const sent = {
      messageId: id,
      wamid: attempts[0]?.wamid ?? '',
      acceptedAt: Date.parse('2026-09-10T20:00:00Z') / 1_000,
    };
    await world.database.transaction(async (tx) => {
      expect(await lockRollups(tx)).toBe(true);
      const touched = await findTouchedHours(tx, 10);
      await countHours(tx, touched);
      await apply(statusesOf(sent, ['sent', 'delivered'], () => 0));
    });
    expect(await funnelOf(REPORTED)).toEqual(await freshFunnel());
    expect(await world.refresh()).toBeGreaterThan(0);
    expect(await funnelOf(ROLLED_UP)).toEqual(await freshFunnel());
    expect(await world.refresh()).toBe(0);
  });

  it('know messages as clients send them: the hour of an accept is marked by its event', async () => {
    const id = uuidv7();
    await world.run(
      `INSERT INTO event (id, client_id, type, message_id) VALUES ($1, $2, 'message.queued', $3)`,
      uuidv7(),
      world.shop,
      id,
    );
    expect(
      await world.run(`SELECT subject, hour = reporting.hour_of($1) AS "isItsHour" FROM hour_touched`, id),
    ).toEqual([{ subject: 'message', isItsHour: true }]);
  });
});
