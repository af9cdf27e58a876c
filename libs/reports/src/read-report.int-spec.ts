import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { contactForms, contactKey } from '#contacts';
import { PublishExplanationsService } from '#messages';
import { ReadReportService } from './read-report.service.js';
import { BERLIN, KOLKATA, openReportWorld, type ReportWorld } from './specs/report-world.js';

let world: ReportWorld;
let reports: ReadReportService;
beforeAll(async () => {
  world = await openReportWorld();
  reports = new ReadReportService(world.database);
  await new PublishExplanationsService(world.database).publish();
  await seed();
}, 60_000);
afterAll(() => world.close());

const NOV = { from: '2026-11-01', to: '2026-11-30', senders: 'all' } as const;
const after = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1_000);
const hello = { type: 'template', category: 'utility', content: { type: 'template', template: { name: 'hello' } } };

/** Meta took it; then it was sent, delivered and read so many seconds later. */
const told = (at: string, delivered?: number, read?: number) => ({
  state: 'accepted',
  sentAt: after(at, 0),
  ...(delivered === undefined ? { waRank: 2 } : { waRank: 4, deliveredAt: after(at, delivered) }),
  ...(read === undefined ? {} : { waRank: 5, readAt: after(at, read) }),
});

async function seed(): Promise<void> {
  const first = '2026-11-01T22:30:00Z'; // the 1st in Berlin, the 2nd in Kolkata
  await world.message(first, { ...hello, ...told(first, 4, 60), tags: ['a', 'b'] });
  await world.message(first, {
    ...hello,
    ...told(first, 1_234),
    phoneNumberId: KOLKATA.phoneNumberId,
    clientId: world.bank,
  });
  const second = '2026-11-02T10:00:00Z';
  await world.message(second, { ...told(second, 6), tags: ['a'] });
  await world.message(second, { ...told(second), usesFallback: true, windowFallback: hello.content });
  await world.message(second, {
    ...hello,
    state: 'accepted',
    waRank: 3,
    sentAt: after(second, 1),
    failedAt: after(second, 2),
    waErrorCode: 131_026,
  });
  await world.message(second, { ...hello, state: 'failed', errorCode: 132_001, reason: 'rejected' });
  await world.message(second, { state: 'failed', reason: 'window_closed' });
  await world.message(second, { state: 'failed', reason: 'window_closed' });
  await world.message(second, { state: 'expired' });
  // Different numbers of each, so that none can stand for another.
  for (const state of ['cancelled', 'cancelled', 'unknown', 'unknown', 'unknown'])
    await world.message(second, { state });
  await world.message(second, { state: 'queued' });
  await world.message('2026-10-31T22:59:59Z', { state: 'accepted' }); // still October in Berlin
  await world.refresh();
  // Not counted into the rollups yet.
  const third = '2026-11-30T22:59:59Z';
  await world.message(third, { ...hello, ...told(third, 2, 3) });
}

describe('the delivery funnel', () => {
  it('adds up by day in the time zone of each account, whether an hour is rolled up or not', async () => {
    const { columns, rows } = await reports.read('delivery', { ...NOV, groupBy: ['day'] });
    expect(columns).toEqual(
      'day messages waiting accepted sent delivered read failed expired cancelled unknown deliveredRate readRate'.split(
        ' ',
      ),
    );
    const none = { waiting: 0, failed: 0, expired: 0, cancelled: 0, unknown: 0 };
    expect(rows).toEqual([
      {
        day: '2026-11-01',
        ...none,
        messages: 1,
        accepted: 1,
        sent: 1,
        delivered: 1,
        read: 1,
        deliveredRate: 1,
        readRate: 1,
      },
      {
        ...{ day: '2026-11-02', messages: 14, waiting: 1, accepted: 4, sent: 4, delivered: 2, read: 0, failed: 4 },
        ...{ expired: 1, cancelled: 2, unknown: 3, deliveredRate: 0.5, readRate: 0 },
      },
      {
        day: '2026-11-30',
        ...none,
        messages: 1,
        accepted: 1,
        sent: 1,
        delivered: 1,
        read: 1,
        deliveredRate: 1,
        readRate: 1,
      },
    ]);
  });

  it('has no read rate where nothing shows that a message came', async () => {
    const { rows } = await reports.read('delivery', {
      ...NOV,
      from: '2026-11-02',
      to: '2026-11-02',
      groupBy: ['client', 'template'],
    });
    expect(
      rows.map(({ client, template, messages, delivered, readRate }) => [
        client,
        template,
        messages,
        delivered,
        readRate,
      ]),
    ).toEqual([
      ['bank', 'hello', 1, 1, 0],
      ['shop', 'hello', 3, 0, null],
      ['shop', null, 10, 1, 0],
    ]);
  });

  it('by tag counts a message under each', async () => {
    const { rows } = await reports.read('delivery', { ...NOV, groupBy: ['tag'] });
    expect(rows.map(({ tag, messages, delivered }) => [tag, messages, delivered])).toEqual([
      ['a', 2, 2],
      ['b', 1, 1],
      [null, 14, 2],
    ]);
  });

  it('is that of the senders that the reader may see', async () => {
    const { rows } = await reports.read('delivery', {
      ...NOV,
      senders: [KOLKATA.phoneNumberId],
      groupBy: ['sender', 'waba'],
    });
    expect(rows).toMatchObject([{ sender: KOLKATA.phoneNumberId, waba: KOLKATA.wabaId, messages: 1 }]);
    expect((await reports.read('delivery', { ...NOV, senders: [], groupBy: ['day'] })).rows).toEqual([]);
  });
});

describe('failures', () => {
  it('come by code or reason with what to do, the most frequent first', async () => {
    const { rows } = await reports.read('failures', { ...NOV, groupBy: ['sender'] });
    expect(rows.map(({ failure, messages }) => [failure, messages])).toEqual([
      ['window_closed', 2],
      ['131026', 1],
      ['132001', 1],
    ]);
    expect(rows).toMatchObject([
      {
        sender: BERLIN.phoneNumberId,
        title: expect.stringContaining('customer service window is closed'),
        advice: expect.stringContaining('windowFallback'),
      },
      { title: expect.any(String), advice: expect.any(String) },
      { title: expect.any(String), advice: expect.any(String) },
    ]);
    expect(rows[1]?.['title']).not.toEqual(rows[2]?.['title']);
  });

  it('of a code that nobody knows still have words', async () => {
    const at = '2026-11-20T10:00:00Z';
    await world.message(at, { state: 'failed', errorCode: 999_999_999, reason: 'rejected' });
    const { rows } = await reports.read('failures', { ...NOV, from: '2026-11-20', to: '2026-11-20', groupBy: [] });
    expect(rows).toEqual([
      { failure: '999999999', title: expect.any(String), advice: expect.any(String), messages: 1 },
    ]);
    await world.run('DELETE FROM message WHERE error_code = 999999999');
  });
});

describe('times to delivered and read', () => {
  it('are percentiles of seconds from sent on, rounded up to two digits from 100 on', async () => {
    const { rows } = await reports.read('latency', { ...NOV, groupBy: [] });
    expect(rows).toEqual([
      { step: 'delivered', messages: 4, p50Seconds: 4, p90Seconds: 1_300, p95Seconds: 1_300, p99Seconds: 1_300 },
      { step: 'read', messages: 2, p50Seconds: 3, p90Seconds: 60, p95Seconds: 60, p99Seconds: 60 },
    ]);
  });

  it('are what Postgres makes of the messages themselves', async () => {
    const at = '2026-11-10T10:00:00Z';
    await Promise.all(Array.from({ length: 200 }, (_, index) => world.message(at, told(at, ((index + 1) * 37) % 97))));
    await world.refresh();
    const query = { ...NOV, from: '2026-11-10', to: '2026-11-10', groupBy: ['day', 'category'] } as const;
    const [expected] = await world.run(
      `SELECT percentile_disc(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM delivered_at - sent_at)::int) AS p
       FROM message WHERE sent_at = $1`,
      new Date(at),
    );
    const { rows } = await reports.read('latency', query);
    const [row] = rows;
    expect(['p50Seconds', 'p90Seconds', 'p95Seconds', 'p99Seconds'].map((name) => row?.[name])).toEqual(
      expected?.['p'],
    );
    await world.run('DELETE FROM message WHERE sent_at = $1', new Date(at));
    await world.run(`INSERT INTO hour_touched (subject, hour) VALUES ('message', $1)`, new Date(at));
    await world.refresh();
  });
});

describe('windows', () => {
  const aWindow = (contact: string, openedAt: string, kind = 'service', hours = 24) =>
    world.database.prisma.conversation.create({
      data: {
        ...{ id: uuidv7(), phoneNumberId: BERLIN.phoneNumberId, contact, contactKey: contactKey(contact), kind },
        ...{ openedAt: new Date(openedAt), openedBy: `wamid.${uuidv7()}`, lastHeardAt: new Date(openedAt) },
        expiresAt: after(openedAt, hours * 3_600),
      },
    });
  const opened = '2026-12-05T10:00:00Z';
  const report = async () =>
    (await reports.read('windows', { ...NOV, from: '2026-12-05', to: '2026-12-06', groupBy: ['day'] })).rows;

  it('that opened, were answered while they were open, and the share of free entry points', async () => {
    await aWindow('15550100101', opened);
    await aWindow('15550100102', opened);
    await aWindow('15550100103', opened);
    await aWindow('15550100103', opened, 'free_entry_point', 72);
    await aWindow('15550100104', '2026-12-05T23:30:00Z'); // the 6th in Berlin
    await world.message(after(opened, 60), { state: 'accepted', recipient: '15550100101' });
    await world.message(after(opened, 86_400), { state: 'accepted', recipient: '15550100102' }); // too late
    await world.message(after(opened, 60), { state: 'failed', reason: 'rejected', recipient: '15550100103' });
    expect(await report()).toEqual([
      { day: '2026-12-05', opened: 3, answered: 1, answeredRate: 0.3333, freeEntryPoints: 1, freeEntryShare: 0.3333 },
      { day: '2026-12-06', opened: 1, answered: 0, answeredRate: 0, freeEntryPoints: 0, freeEntryShare: 0 },
    ]);
    await world.run('DELETE FROM conversation');
  });

  it('are answered by a message to another number of the contact', async () => {
    await aWindow('15550100106', opened);
    const [contactId, portfolioId] = [uuidv7(), `waba-${BERLIN.wabaId}`];
    await world.database.prisma.contact.create({ data: { id: contactId, portfolioId, key: '15550100106' } });
    await world.database.prisma.contactAlias.createMany({
      data: ['15550100106', '15550100107'].map((value) => ({
        ...{ contactId, portfolioId, kind: 'wa_id', value, heldFrom: new Date(0) },
      })),
    });
    const { id } = await world.message(after(opened, 60), { state: 'accepted', recipient: '15550100107' });
    expect(await report()).toMatchObject([{ opened: 1, answered: 1 }]);
    await world.run('DELETE FROM message WHERE id = $1', id);
    await world.run('DELETE FROM conversation');
    await world.run('TRUNCATE contact, contact_alias');
  });

  it.each([
    '5511961234567',
    '551161234567',
    '5215512345678',
    '525512345678',
    '5491123456789',
    '541123456789',
    '15550100105',
  ])('are answered by a message to any form of the number: %s', async (contact) => {
    for (const form of contactForms(contact)) {
      await aWindow(contact, opened);
      const { id } = await world.message(after(opened, 60), { state: 'accepted', recipient: form });
      expect([form, await report()]).toMatchObject([form, [{ opened: 1, answered: 1 }]]);
      await world.run('DELETE FROM message WHERE id = $1', id);
      await world.run('DELETE FROM conversation');
    }
  });
});

describe('what is true now', () => {
  it('is limits of senders and their portfolio', async () => {
    const portfolio = `waba-${BERLIN.wabaId}`;
    await world.run('INSERT INTO portfolio_limit VALUES ($1, 250, $2)', portfolio, new Date('2026-11-01T00:00:00Z'));
    await world.run(
      `INSERT INTO portfolio_user VALUES ($1, 'x', now()), ($1, 'y', now() - interval '25 hours')`,
      portfolio,
    );
    await world.run(`INSERT INTO hold (scope, scope_id, reason) VALUES ('waba', $1, 'account_locked')`, BERLIN.wabaId);
    const { rows } = await reports.readPresent('limits', 'all');
    const sender = { throughputPerSecond: 80, throughputKnownAt: null };
    expect(rows).toEqual([
      {
        ...{ sender: BERLIN.phoneNumberId, waba: BERLIN.wabaId, portfolio, usersLimit: 250, isLimitKnown: true },
        ...{ usersIn24Hours: 1, limitKnownAt: '2026-11-01T00:00:00.000Z', ...sender, holds: 1 },
      },
      {
        ...{
          sender: KOLKATA.phoneNumberId,
          waba: KOLKATA.wabaId,
          portfolio: `waba-${KOLKATA.wabaId}`,
          usersLimit: null,
        },
        ...{ isLimitKnown: false, usersIn24Hours: null, limitKnownAt: null, ...sender, holds: 0 },
      },
    ]);
    expect((await reports.readPresent('limits', [KOLKATA.phoneNumberId])).rows).toHaveLength(1);
  });

  it('is what Meta told of limits, with what it told before', async () => {
    const fact = (wabaId: string, subject: string, kind: string, value: string, knownAt: string) =>
      world.run(
        `INSERT INTO account_fact (waba_id, subject, kind, value, known_at, seen_at, source) VALUES ($1, $2, $3, $4, $5, $5, 'webhook')`,
        ...[wabaId, subject, kind, value, new Date(knownAt)],
      );
    await world.run(
      `UPDATE sender SET display_number = '+49 30 5550100' WHERE phone_number_id = $1`,
      BERLIN.phoneNumberId,
    );
    await fact(BERLIN.wabaId, 'account', 'messaging_limit', '250', '2026-11-01T22:30:00Z');
    await fact(BERLIN.wabaId, 'account', 'messaging_limit', '2000', '2026-11-03T10:00:00Z');
    await fact(BERLIN.wabaId, 'number:49305550100', 'quality_rating', 'YELLOW', '2026-11-02T23:30:00Z');
    await fact(BERLIN.wabaId, 'number:49305550999', 'quality_rating', 'RED', '2026-11-02T10:00:00Z');
    await fact(KOLKATA.wabaId, `id:${KOLKATA.phoneNumberId}`, 'throughput', '1000', '2026-11-01T20:00:00Z');
    await fact(KOLKATA.wabaId, 'account', 'account_review', 'APPROVED', '2026-11-02T10:00:00Z');
    await fact(BERLIN.wabaId, 'number:49305550100', 'quality_flag', 'FLAGGED', '2026-11-03T09:00:00Z');
    const told = async (senders: 'all' | string[], from = '2026-11-02', to = '2026-11-03') =>
      (await reports.readLimitsHistory({ from, to, senders })).rows.map(({ sender, limit, value }) => [
        sender,
        limit,
        value,
      ]);
    // In Berlin it was the day before; in Kolkata the day after. A number that is not ours, and what is no limit, are left out.
    expect(await told('all')).toEqual([
      [KOLKATA.phoneNumberId, 'throughput', '1000'],
      [BERLIN.phoneNumberId, 'quality_rating', 'YELLOW'],
      [BERLIN.phoneNumberId, 'quality_flag', 'FLAGGED'],
      [null, 'messaging_limit', '2000'],
    ]);
    expect(await told('all', '2026-11-01', '2026-11-01')).toEqual([[null, 'messaging_limit', '250']]);
    expect(await told([BERLIN.phoneNumberId])).toHaveLength(3);
    expect(await told([KOLKATA.phoneNumberId])).toEqual([[KOLKATA.phoneNumberId, 'throughput', '1000']]);
  });

  it('is what waits, and for how long', async () => {
    await world.run('DELETE FROM message WHERE next_attempt_at IS NOT NULL');
    await world.message(new Date(), { priority: 0, nextAttemptAt: new Date(Date.now() - 60_000) });
    await world.message(new Date(), { priority: 0, nextAttemptAt: new Date(Date.now() + 60_000) });
    await world.message(new Date(), { priority: 2, nextAttemptAt: new Date(Date.now() + 60_000) });
    const { rows } = await reports.readPresent('queue', 'all');
    expect(rows).toMatchObject([
      { sender: BERLIN.phoneNumberId, priority: 'urgent', waiting: 2, due: 1 },
      { sender: BERLIN.phoneNumberId, priority: 'bulk', waiting: 1, due: 0, oldestDueSeconds: 0 },
    ]);
    expect(Number(rows[0]?.['oldestDueSeconds'])).toBeGreaterThanOrEqual(60);
    expect(Number(rows[0]?.['oldestDueSeconds'])).toBeLessThan(90);
  });
});
