import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { A_SENDER, anEnvironment, aSender, createTestDatabase, eventually, type TestDatabase } from '#testing';
import { keepInboundCalls } from './queries/keep-calls.query.js';
import { expectStatuses, hearSenders } from './queries/listening.query.js';
import { noteClosings } from './queries/note-closings.query.js';
import { WindowEvidenceService } from './window-evidence.service.js';
import { WindowService } from './window.service.js';

const { phoneNumberId, wabaId } = A_SENDER;
const HOUR = 3_600_000;
const CONTACT = '15550100101';
let testDatabase: TestDatabase;
let database: Database;
let windows: WindowService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
  windows = new WindowService(database, anEnvironment(), Logger.create('silent'));
  await aSender(database);
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await run('TRUNCATE inbound_message, inbound_call, window_closing, listening_spell, inbox_work');
  await listen(ago(48 * HOUR));
});

const run = <Row>(sql: string, ...values: unknown[]) => database.query<Row>({ name: '', sql }, values);
const ago = (ms: number) => new Date(Date.now() - ms);
/** As if webhooks had come since then, up to now. */
const listen = (since: Date | null, heardAt: Date | null = new Date(), expectingSince: Date | null = null) =>
  run(
    'UPDATE sender SET listening_since = $1, last_heard_at = $2, expecting_since = $3',
    since,
    heardAt,
    expectingSince,
  );
const sender = () => database.prisma.sender.findFirstOrThrow();
let wamids = 0;
const write = (ts: Date, { contact = CONTACT, type = 'text', content = {} } = {}) =>
  database.prisma.inboundMessage.create({
    data: {
      wamid: `wamid.${(wamids += 1)}`,
      phoneNumberId,
      wabaId,
      contact,
      type,
      ts,
      content,
      inboxId: uuidv7(),
      receivedAt: ts,
    },
  });
const stateOf = (recipient = CONTACT, at: Date | null = null) => windows.stateOf({ phoneNumberId, recipient }, at);

describe('a window', () => {
  it('is open for 24 hours after the last message, to the second', async () => {
    const at = new Date(Date.now() - 30 * HOUR);
    const { wamid } = await write(at);
    const after = (ms: number) => stateOf(CONTACT, new Date(at.getTime() + ms));
    await listen(ago(90 * HOUR));
    expect(await after(-1_000)).toMatchObject({ name: 'closed', heardAt: null });
    expect(await after(24 * HOUR - 1_000)).toMatchObject({
      name: 'open',
      isCertain: true,
      heardId: wamid,
      heardAt: at,
      expiresAt: new Date(at.getTime() + 24 * HOUR),
      sendable: 'closed',
    });
    expect(await after(24 * HOUR - 61_000)).toMatchObject({
      sendable: 'open',
      sendableUntil: new Date(at.getTime() + 24 * HOUR - 60_000),
    });
    expect(await after(24 * HOUR)).toMatchObject({ name: 'closed', expiresAt: null });
  });

  it('counts a message that Meta’s clock puts ahead of ours', async () => {
    await write(ago(-30_000));
    expect(await stateOf()).toMatchObject({ name: 'open', sendable: 'open' });
  });

  it.each([
    ['text', 'open', true, 'open'],
    ['reaction', 'open', false, 'closed'],
    ['unsupported', 'open', false, 'closed'],
    ['unknown', 'open', false, 'closed'],
    ['system', 'closed', true, 'closed'],
    ['edit', 'closed', true, 'closed'],
    ['revoke', 'closed', true, 'closed'],
    ['a_new_type', 'open', true, 'open'],
  ])('after a message of type %s is %s', async (type, name, isCertain, sendable) => {
    await write(ago(HOUR), { type });
    expect(await stateOf()).toMatchObject({ name, isCertain, sendable });
  });

  it('opens by a call', async () => {
    await keepInboundCalls(database, [{ id: 'wacid.1', phoneNumberId, contact: CONTACT, startedAt: ago(HOUR) }]);
    expect(await stateOf()).toMatchObject({ name: 'open', isCertain: true, heardId: 'wacid.1' });
  });

  it('of one person is opened by nothing that was written in a group', async () => {
    await write(ago(HOUR), { content: { group_id: 'g1' } });
    expect(await stateOf()).toMatchObject({ name: 'closed' });
  });

  it('is the same under both numbers of one phone', async () => {
    await write(ago(HOUR), { contact: '5215512345678' });
    expect(await stateOf('525512345678')).toMatchObject({ name: 'open' });
    await noteClosings(database, [{ phoneNumberId, contact: '525512345678', at: new Date() }]);
    expect(await stateOf('5215512345678')).toMatchObject({ name: 'closed' });
  });

  it('is closed when Meta said so, until the contact writes again', async () => {
    await write(ago(2 * HOUR));
    const at = ago(HOUR);
    await noteClosings(database, [
      { phoneNumberId, contact: CONTACT, at },
      { phoneNumberId, contact: CONTACT, at: ago(3 * HOUR) },
    ]);
    await noteClosings(database, [{ phoneNumberId, contact: CONTACT, at: ago(5 * HOUR) }]);
    expect(await stateOf()).toMatchObject({ name: 'closed', closedByMetaAt: at });
    await write(ago(1_000));
    expect(await stateOf()).toMatchObject({ name: 'open' });
  });

  it('was closed at an instant by what Meta had said until then, whatever Meta said later', async () => {
    const [first, second] = [ago(20 * HOUR), ago(2 * HOUR)];
    await write(ago(22 * HOUR));
    await noteClosings(database, [{ phoneNumberId, contact: CONTACT, at: second }]);
    await noteClosings(database, [{ phoneNumberId, contact: CONTACT, at: first }]);
    expect(await stateOf(CONTACT, new Date(+first - 1))).toMatchObject({ name: 'open', closedByMetaAt: null });
    expect(await stateOf(CONTACT, first)).toMatchObject({ name: 'closed', closedByMetaAt: first });
    expect(await stateOf(CONTACT, new Date(+second - 1))).toMatchObject({ name: 'closed', closedByMetaAt: first });
    expect(await stateOf()).toMatchObject({ name: 'closed', closedByMetaAt: second });
  });

  it('of many contacts are read in their order', async () => {
    await write(ago(HOUR), { contact: '15550100103' });
    const recipients = ['15550100102', '15550100103', '15550100104'];
    const views = await windows.statesOf(recipients.map((recipient) => ({ phoneNumberId, recipient })));
    expect(views.map(({ name }) => name)).toEqual(['closed', 'open', 'closed']);
  });

  it('that cannot be read is unknown', async () => {
    const gone = new Database({ url: 'postgresql://nobody@127.0.0.1:1/none', poolMax: 2, statementTimeoutMs: 1_000 });
    const blind = new WindowService(gone, anEnvironment(), Logger.create('silent'));
    expect(await blind.statesOf([{ phoneNumberId, recipient: CONTACT }])).toMatchObject([
      { name: 'unknown', sendable: 'unknown' },
    ]);
    await gone.close();
  });
});

describe('of a silent contact a window', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['is unknown before the first webhook', () => listen(null, null), 'unknown'],
    ['is unknown in the first 24 hours of them', () => listen(ago(24 * HOUR - 5_000)), 'unknown'],
    ['is closed after 24 hours of them', () => listen(ago(24 * HOUR + 1_000)), 'closed'],
    [
      'is unknown while Meta has owed us statuses for more than an hour',
      () => listen(ago(48 * HOUR), ago(3 * HOUR), ago(HOUR + 5_000)),
      'unknown',
    ],
    [
      'is closed while they are owed for less',
      () => listen(ago(48 * HOUR), ago(3 * HOUR), ago(HOUR - 5_000)),
      'closed',
    ],
    ['is closed while nothing is owed', () => listen(ago(48 * HOUR), ago(3 * HOUR), ago(4 * HOUR)), 'closed'],
    [
      'is unknown while our own inbox is behind',
      () => run('INSERT INTO inbox_work (inbox_id, received_at) VALUES ($1, $2)', uuidv7(), ago(6_000)),
      'unknown',
    ],
  ])('%s', async (_name, given, name) => {
    await given();
    expect(await stateOf()).toMatchObject({ name });
  });

  it('of a sender that is not there is unknown', async () => {
    expect(await windows.stateOf({ phoneNumberId: '7', recipient: CONTACT }, null)).toMatchObject({ name: 'unknown' });
  });
});

describe('at an instant of the past, the window of a silent contact', () => {
  const began = ago(100 * HOUR);
  const hours = (count: number, ms = 0) => new Date(began.getTime() + count * HOUR + ms);
  const hear = (at: Date) => hearSenders(database, [{ phoneNumberId, receivedAt: at }]);

  it.each<[string, Date, string, Date | null]>([
    ['is unknown before the first webhook', hours(0, -1), 'unknown', null],
    ['is unknown in the first 24 hours of them', hours(24, -1), 'unknown', began],
    ['is closed after 24 hours of them', hours(24), 'closed', began],
    ['is closed while statuses had been owed for less than an hour', hours(50, -1), 'closed', began],
    ['is unknown once they had been owed for an hour', hours(50), 'unknown', null],
    ['is unknown until they came', hours(60, -1), 'unknown', null],
    ['is unknown in the next 24 hours', hours(84, -1), 'unknown', hours(60)],
    ['is closed after these', hours(84), 'closed', hours(60)],
    ['is closed while statuses were owed that came in time', hours(90, 1), 'closed', hours(60)],
  ])('%s', async (_name, at, name, listeningSince) => {
    await listen(null, null);
    await hear(began);
    await hear(hours(48));
    await expectStatuses(database, phoneNumberId, hours(49));
    await hear(hours(60)); // eleven hours late
    await expectStatuses(database, phoneNumberId, hours(90));
    await hear(hours(90.5));
    expect(await stateOf(CONTACT, at)).toMatchObject({ name, listeningSince });
  });

  it('does not depend on what is owed, or waits in our inbox, now', async () => {
    await listen(hours(0), hours(90), hours(91));
    await run('INSERT INTO inbox_work (inbox_id, received_at) VALUES ($1, $2)', uuidv7(), ago(6_000));
    expect(await stateOf(CONTACT, hours(80))).toMatchObject({ name: 'closed', listeningSince: hours(0) });
    expect(await stateOf()).toMatchObject({ name: 'unknown', listeningSince: null });
  });
});

describe('listening', () => {
  const hear = (...receivedAt: Date[]) =>
    hearSenders(
      database,
      receivedAt.map((at) => ({ phoneNumberId, receivedAt: at })),
    );

  it('begins with the first webhook, and is written once a minute', async () => {
    await listen(null, null);
    const first = ago(10 * HOUR);
    const later = (ms: number) => new Date(first.getTime() + ms);
    await hear(first);
    await hear(later(59_000));
    expect(await sender()).toMatchObject({ listeningSince: first, lastHeardAt: first });
    await hear(later(60_000), later(61_000));
    expect(await sender()).toMatchObject({ listeningSince: first, lastHeardAt: later(61_000) });
    await hear(first); // a replay
    expect(await sender()).toMatchObject({ listeningSince: first, lastHeardAt: later(61_000) });
  });

  it('goes on after hours in which nothing was sent', async () => {
    await listen(ago(48 * HOUR), ago(5 * HOUR));
    const now = new Date();
    await hear(now);
    expect((await sender()).listeningSince!.getTime()).toBeLessThan(now.getTime() - 47 * HOUR);
  });

  it('begins anew after more than an hour in which statuses were owed', async () => {
    await listen(ago(48 * HOUR), ago(5 * HOUR), ago(2 * HOUR));
    const now = new Date();
    await hear(now);
    expect(await sender()).toMatchObject({ listeningSince: now, lastHeardAt: now });
  });

  it('goes on when only our own inbox was late: what came in time counts', async () => {
    const since = ago(48 * HOUR);
    await listen(since, ago(5 * HOUR), ago(4 * HOUR));
    await hear(ago(4 * HOUR - 1_000), new Date());
    expect((await sender()).listeningSince).toEqual(since);
  });

  it('expects statuses from the first message after the last webhook on', async () => {
    const heardAt = ago(HOUR);
    await listen(ago(48 * HOUR), heardAt, ago(2 * HOUR));
    const first = ago(60_000);
    await expectStatuses(database, phoneNumberId, first);
    await expectStatuses(database, phoneNumberId, new Date());
    expect(await sender()).toMatchObject({ expectingSince: first });
    const answer = ago(30_000);
    await hear(answer); // less than a minute after, and yet it is what was owed
    expect(await sender()).toMatchObject({ lastHeardAt: answer });
  });

  it('is told of one in a minute', async () => {
    await listen(ago(48 * HOUR), ago(HOUR));
    const evidence = new WindowEvidenceService(database, Logger.create('silent'));
    const first = ago(30_000);
    evidence.noteAccepted(phoneNumberId, first);
    await eventually(async () => (await sender()).expectingSince?.getTime() === first.getTime());
    await listen(ago(48 * HOUR), ago(5_000), first);
    evidence.noteAccepted(phoneNumberId, new Date(first.getTime() + 59_000));
    evidence.noteAccepted(phoneNumberId, new Date(first.getTime() + 60_000));
    await eventually(async () => (await sender()).expectingSince?.getTime() === first.getTime() + 60_000);
  });
});

describe('an answer that names its recipient otherwise than it was written to', () => {
  const answer = { phoneNumberId, recipientKind: 'phone' as const, waId: null, userId: null, at: ago(1_000) };
  const aliases = () =>
    run<{ kind: string; value: string }>(
      'SELECT kind, value FROM contact_alias WHERE first_seen_at IS NOT NULL ORDER BY kind, value',
    );

  it('joins both, and the window of one is that of the other', async () => {
    await run('TRUNCATE contact, contact_alias, contact_fact');
    await write(ago(HOUR), { contact: '550055500101' });
    expect(await stateOf('5500955500101')).toMatchObject({ name: 'closed' });
    const evidence = new WindowEvidenceService(database, Logger.create('silent'));
    evidence.noteRecipient({ ...answer, recipient: '5500955500101', waId: '550055500101' });
    await eventually(async () => (await stateOf('5500955500101')).name === 'open');
    expect(await aliases()).toEqual([
      { kind: 'phone', value: '5500955500101' },
      { kind: 'wa_id', value: '550055500101' },
    ]);
  });

  it('tells nothing when it names the same, a group, or a number that is no form of it', async () => {
    await run('TRUNCATE contact, contact_alias, contact_fact');
    const evidence = new WindowEvidenceService(database, Logger.create('silent'));
    evidence.noteRecipient({ ...answer, recipient: CONTACT, waId: CONTACT });
    evidence.noteRecipient({ ...answer, recipient: 'a group', recipientKind: 'group', waId: '1555' });
    evidence.noteRecipient({ ...answer, recipient: CONTACT, waId: '4915112345678' });
    evidence.noteRecipient({ ...answer, recipient: '15550100109', userId: 'US.9' });
    await eventually(async () => (await aliases()).length > 0);
    expect(await aliases()).toEqual([
      { kind: 'user_id', value: 'US.9' },
      { kind: 'wa_id', value: '15550100109' },
    ]);
  });
});

describe('a call', () => {
  it('is one row, with its earliest event, in whatever order they come', async () => {
    const call = (startedAt: Date) => ({ id: 'wacid.2', phoneNumberId, contact: CONTACT, startedAt });
    const start = ago(HOUR);
    await keepInboundCalls(database, [call(ago(1_000)), call(ago(2_000))]);
    await keepInboundCalls(database, [call(start)]);
    await keepInboundCalls(database, [call(ago(3_000))]);
    expect(await database.prisma.inboundCall.findMany()).toMatchObject([{ startedAt: start }]);
  });
});
