import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { WindowService } from '#conversations';
import type { MetaMessage } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { EstimateService, RecentRates } from '#pricing';
import type { SenderDirectory } from '#senders';
import { anEnvironment, aSender, createTestDatabase, type TestDatabase } from '#testing';
import { type CheckTemplateService, TemplateRefusedError, type TemplateSend } from '#templates';
import { AcceptMessageService, type AcceptRequest } from './accept-message.service.js';
import { InvalidScheduleError } from './domain/invalid-schedule.error.js';
import { ForecastMessagesService } from './forecast-messages.service.js';
import { ClientReferenceUsedError, IdempotencyInProgressError, IdempotencyKeyReusedError } from './messages.errors.js';
import type { AcceptedRow, WakeAcceptedService } from './wake-accepted.service.js';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 10, statementTimeoutMs: 5_000 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** What is said of a template: nothing is known of any. */
let judge: CheckTemplateService['check'] = () => Promise.resolve(null);
afterEach(() => {
  judge = () => Promise.resolve(null);
});

/** What estimates ask of the sender. */
const SENDER = { timezone: 'UTC', currency: 'USD', portfolioId: 'p' };

/** A client of its own, and the API process it talks to. */
function setup() {
  const clientId = randomUUID();
  const woken: AcceptedRow[] = [];
  const wakeAccepted = { wake: (rows: AcceptedRow[]) => void woken.push(...rows) } as WakeAcceptedService;
  const logger = Logger.create('silent');
  const windows = new WindowService(database, anEnvironment(), logger);
  const senders = { find: () => Promise.resolve(SENDER) } as unknown as SenderDirectory;
  const estimates = new EstimateService(senders, new RecentRates(database), logger);
  const forecasts = new ForecastMessagesService(windows, estimates);
  const templates = { check: (send: TemplateSend) => judge(send) } as unknown as CheckTemplateService;
  const service = new AcceptMessageService(database, wakeAccepted, forecasts, templates);
  const request = (overrides: Partial<AcceptRequest> = {}): AcceptRequest => ({
    clientId,
    phoneNumberId: '800000000000001',
    recipient: '15550100101',
    message: { type: 'text', text: { body: 'Your table is ready' } },
    ...overrides,
  });
  const messages = () => database.prisma.message.findMany({ where: { clientId }, orderBy: { id: 'asc' } });
  const keys = () => database.prisma.idempotencyKey.findMany({ where: { clientId }, orderBy: { key: 'asc' } });
  const newProcess = () => new AcceptMessageService(database, wakeAccepted, forecasts, templates);
  return { clientId, service, newProcess, request, messages, keys, woken };
}
const hash = (text: string) => createHash('sha256').update(text).digest();
const outcomes = (settled: PromiseSettledResult<unknown>[]) =>
  settled.map((result) => (result.status === 'fulfilled' ? 'accepted' : (result.reason as Error).constructor.name));

describe('a template', () => {
  const message = { type: 'template', template: { name: 'order_shipped', language: { code: 'en' } } };
  const refusal = new TemplateRefusedError('template_paused', [
    { field: 'message.template.name', code: 'template_paused', message: 'message.template.name must be approved' },
  ]);

  it('gives its message the category that Meta has it in, unless the client names another', async () => {
    const { service, request, messages } = setup();
    judge = () => Promise.resolve('marketing');
    await service.accept(request({ message }));
    await service.accept(request({ message, category: 'utility' }));
    expect(await messages()).toMatchObject([
      { category: 'marketing', categorySource: 'synced', priority: 2 },
      { category: 'utility', categorySource: 'given', priority: 1 },
    ]);
  });

  it('that Meta would refuse is refused, as a fallback, too, and nothing is stored', async () => {
    const { service, request, messages } = setup();
    judge = ({ message: { type } }) => (type === 'template' ? Promise.reject(refusal) : Promise.resolve(null));
    await expect(service.accept(request({ message }))).rejects.toBe(refusal);
    await expect(service.accept(request({ windowFallback: message }))).rejects.toBe(refusal);
    expect(await messages()).toEqual([]);
  });

  it('that was paused since does not change the answer to a request that comes again', async () => {
    const { service, request, messages } = setup();
    const again = request({ message, idempotency: { key: 'k', hash: hash('one') } });
    const first = await service.accept(again);
    judge = () => Promise.reject(refusal);
    expect(await service.accept(again)).toEqual({ ...first, isReplay: true });
    await expect(service.accept({ ...again, idempotency: { key: 'k', hash: hash('two') } })).rejects.toBe(refusal);
    expect(await messages()).toHaveLength(1);
  });
});

describe('an estimate', () => {
  const template = { type: 'template', template: { name: 'order_shipped', language: { code: 'en' } } };
  beforeAll(() =>
    database.prisma.rateCard.create({
      data: {
        ...{ id: randomUUID(), currency: 'USD', validFrom: new Date('2026-01-01'), source: 'a test', isOfficial: true },
        rates: {
          create: [
            { market: 'Brazil', category: 'utility', rateMicros: 6_800n },
            { market: 'Brazil', category: 'marketing', rateMicros: 62_500n },
          ],
        },
      },
    }),
  );
  afterAll(() => database.prisma.rateCard.deleteMany());
  const aBrazilian = { recipient: '5511987654321', message: template };

  it('is answered, and kept with the message', async () => {
    const { service, request } = setup();
    const { body } = await service.accept(request(aBrazilian));
    expect(body['estimate']).toMatchObject({
      mark: 'rated',
      of: 'message',
      category: 'utility',
      market: 'Brazil',
      amountMicros: 6_800,
      currency: 'USD',
      explanation: expect.stringMatching(/^Estimate: 0\.006800 USD if .* utility \(a guess\) in market Brazil/),
    });
    const kept = await database.prisma.messageContent.findUniqueOrThrow({ where: { id: String(body['id']) } });
    expect(kept.estimate).toMatchObject({ mark: 'rated', rateMicros: '6800', cardFrom: '2026-01-01' });
  });

  it('of a message whose window is closed is that of its fallback, by the category that Meta has it in', async () => {
    const { service, request } = setup();
    judge = ({ message: { type } }) => Promise.resolve(type === 'template' ? 'marketing' : null);
    await database.prisma.windowClosing.create({
      data: { phoneNumberId: '800000000000001', contact: aBrazilian.recipient, closedAt: new Date() },
    });
    const free = { ...aBrazilian, message: { type: 'text', text: { body: 'Hello' } } };
    const { body } = await service.accept(request({ ...free, windowFallback: template }));
    expect(body['estimate']).toMatchObject({ of: 'fallback', category: 'marketing', amountMicros: 62_500 });
    const alone = await service.accept(request(free));
    expect(alone.body['estimate']).toMatchObject({ mark: 'free', amountMicros: 0 });
    await database.prisma.windowClosing.deleteMany();
  });

  it('that no card gives says so, and refuses nothing', async () => {
    const { service, request } = setup();
    const { status, body } = await service.accept(request({ ...aBrazilian, recipient: '4915550000101' }));
    expect(status).toBe(202);
    expect(body['estimate']).toMatchObject({ mark: 'rate_missing', market: 'Germany', amountMicros: null });
  });

  it('costs a batch one statement at most, and then none', async () => {
    const { service, request } = setup();
    const statements = jest.spyOn(database, 'query');
    const namesOf = async () => {
      statements.mockClear();
      await Promise.all(Array.from({ length: 100 }, () => service.accept(request(aBrazilian))));
      return statements.mock.calls.map(([{ name }]) => name);
    };
    const first = await namesOf();
    const second = await namesOf();
    statements.mockRestore();
    expect(first.filter((name) => name === 'card-of-day')).toHaveLength(1);
    expect(new Set(second)).toEqual(new Set(['read-windows', 'insert-messages']));
    expect(second.length).toBeLessThanOrEqual(10);
  });

  it('that cannot be made stops no message', async () => {
    const { service, request } = setup();
    const broken = jest.spyOn(RecentRates.prototype, 'cardOf').mockRejectedValue(new Error('down'));
    const { status, body } = await service.accept(request(aBrazilian));
    broken.mockRestore();
    expect({ status, estimate: body['estimate'] }).toEqual({ status: 202, estimate: null });
  });
});

describe('marketing to a contact who has stopped it', () => {
  const marketing = { message: { type: 'template', template: { name: 'offer' } }, category: 'marketing' } as const;
  const optOut = (recipient: string) =>
    database.prisma.marketingSuppression.create({
      data: { wabaId: '900000000000077', recipient, reason: 'meta_131050', refusedAt: new Date() },
    });
  beforeAll(() => aSender(database, { phoneNumberId: '800000000000077', wabaId: '900000000000077' }));

  it('is refused, beside others that are not', async () => {
    const { service, request, messages } = setup();
    const phoneNumberId = '800000000000077';
    await optOut('15550100900');
    const settled = await Promise.allSettled([
      service.accept(request({ ...marketing, phoneNumberId, recipient: '15550100900' })),
      service.accept(request({ ...marketing, phoneNumberId, recipient: '15550100901' })),
      service.accept(request({ ...marketing, category: 'utility', phoneNumberId, recipient: '15550100900' })),
      service.accept(request({ ...marketing, recipient: '15550100900' })),
    ]);
    expect(outcomes(settled)).toEqual(['RecipientOptedOutError', 'accepted', 'accepted', 'accepted']);
    expect(await messages()).toHaveLength(3);
  });

  it('is refused as the fallback of what meets a closed window, where that is what would go', async () => {
    const { service, request, messages } = setup();
    const phoneNumberId = '800000000000077';
    const closedAt = new Date();
    for (const contact of ['15550100904', '15550100905'])
      await database.prisma.windowClosing.create({ data: { phoneNumberId, contact, closedAt } });
    for (const contact of ['15550100904', '15550100906']) await optOut(contact);
    const fallback = (recipient: string, more: Partial<AcceptRequest> = {}) =>
      service.accept(
        request({
          phoneNumberId,
          recipient,
          windowFallback: marketing.message,
          fallbackCategory: 'marketing',
          ...more,
        }),
      );
    const settled = await Promise.allSettled([
      fallback('15550100904'),
      fallback('15550100904', { fallbackCategory: 'utility' }),
      fallback('15550100904', { sendAt: new Date(Date.now() + 3_600_000) }),
      fallback('15550100904', { windowPolicy: 'trust_meta' }),
      fallback('15550100905'),
      // Nobody knows whether it is closed.
      fallback('15550100906'),
    ]);
    expect(outcomes(settled)).toEqual(['RecipientOptedOutError', ...Array.from({ length: 5 }, () => 'accepted')]);
    expect(await messages()).toHaveLength(5);
  });

  it('that was accepted before is told again to whoever repeats the request', async () => {
    const { service, request } = setup();
    const idempotency = { key: 'offer', hash: hash('offer') };
    const offer = request({ ...marketing, phoneNumberId: '800000000000077', recipient: '15550100902', idempotency });
    const first = await service.accept(offer);
    await optOut('15550100902');
    expect(await service.accept(offer)).toMatchObject({ isReplay: true, body: { id: first.body.id } });
  });
});

describe('accept', () => {
  it('stores message, content and event before it answers, and wakes what is due (T0, I1)', async () => {
    const { clientId, service, request, messages, woken } = setup();
    const callbackData = { biz_opaque_callback_data: 'order 7' };
    const message: MetaMessage = {
      type: 'text',
      text: { body: 'Zero is 0', preview_url: false },
      unknown_member: 0,
      ...callbackData,
    };
    const accepted = await service.accept(
      request({ message, tags: ['order-7'], windowFallback: { type: 'template' } }),
    );
    const [row] = await messages();
    expect(accepted).toMatchObject({
      status: 202,
      isReplay: false,
      body: { id: row!.id, state: 'queued', to: '+15550100101' },
    });
    expect(row).toMatchObject({
      state: 'queued',
      reason: 'new',
      fence: 0n,
      attemptNo: 0,
      priority: 1,
      policy: 'at_least_once',
      fedAt: null,
    });
    expect(row!.nextAttemptAt!.getTime()).toBeLessThanOrEqual(Date.now());
    expect(row!.expiresAt.getTime() - row!.createdAt.getTime()).toBe(86_400_000);
    expect(accepted.body).toMatchObject({
      createdAt: row!.createdAt.toISOString(),
      expiresAt: row!.expiresAt.toISOString(),
    });
    expect(await database.prisma.messageContent.findUnique({ where: { id: row!.id } })).toMatchObject({
      content: { type: 'text', text: { body: 'Zero is 0', preview_url: false }, unknown_member: 0 },
      tags: ['order-7'],
      clientCallbackData: 'order 7',
      windowFallback: { type: 'template' },
      windowPolicy: 'enforce',
    });
    expect(await database.prisma.event.findMany({ where: { clientId } })).toMatchObject([
      { type: 'message.queued', messageId: row!.id, payload: { by: 'api', reason: 'new' }, seq: null },
    ]);
    expect(woken.map(({ id }) => id)).toEqual([row!.id]);
  });

  it('one event for each of many', async () => {
    const { clientId, service, request, messages } = setup();
    await Promise.all(Array.from({ length: 300 }, () => service.accept(request())));
    const events = await database.prisma.event.findMany({ where: { clientId, type: 'message.queued' } });
    const ids = (await messages()).map(({ id }) => id);
    expect(new Set(events.map(({ messageId }) => messageId))).toEqual(new Set(ids));
    expect([ids.length, events.length]).toEqual([300, 300]);
  });

  it('is due at its sendAt, and lives from there', async () => {
    const { service, request, messages, clientId } = setup();
    const sendAt = new Date(Date.now() + 3_600_000);
    await service.accept(request({ sendAt }));
    const [row] = await messages();
    expect(row).toMatchObject({
      reason: 'scheduled',
      nextAttemptAt: sendAt,
      expiresAt: new Date(sendAt.getTime() + 86_400_000),
    });
    expect(await database.prisma.event.findFirst({ where: { clientId } })).toMatchObject({
      payload: { reason: 'scheduled' },
    });
  });

  it('is due now when its sendAt is past', async () => {
    const { service, request, messages } = setup();
    await service.accept(request({ sendAt: new Date(Date.now() - 3_600_000) }));
    const [row] = await messages();
    expect(row).toMatchObject({ reason: 'new', nextAttemptAt: row!.createdAt });
    expect(row!.expiresAt.getTime() - row!.createdAt.getTime()).toBe(86_400_000);
  });

  it('keeps its own expiresAt', async () => {
    const { service, request, messages } = setup();
    const expiresAt = new Date(Date.now() + 60_000);
    await service.accept(request({ expiresAt }));
    expect((await messages())[0]).toMatchObject({ expiresAt });
  });

  it('lives ten minutes as a one-time password, at most once and urgent', async () => {
    const { service, request, messages } = setup();
    const components = [
      { type: 'body', parameters: [{ type: 'text', text: '4711' }] },
      { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '4711' }] },
    ];
    await service.accept(
      request({ message: { type: 'template', template: { name: 'otp', language: { code: 'en' }, components } } }),
    );
    const [row] = await messages();
    expect(row).toMatchObject({
      category: 'authentication',
      categorySource: 'guessed',
      policy: 'at_most_once',
      priority: 0,
    });
    expect(row!.expiresAt.getTime() - row!.createdAt.getTime()).toBe(600_000);
  });

  const fromNow = (ms: number) => new Date(Date.now() + ms);
  it.each([
    ['expiresAt at sendAt', { sendAt: fromNow(60_000), expiresAt: fromNow(60_000) }],
    ['expiresAt before sendAt', { sendAt: fromNow(60_000), expiresAt: fromNow(30_000) }],
    ['expiresAt in the past', { expiresAt: fromNow(-1) }],
    ['expiresAt more than 31 days ahead', { expiresAt: fromNow(31 * 86_400_000 + 60_000) }],
  ])('refuses %s', async (_name, schedule) => {
    const { service, request, messages } = setup();
    await expect(service.accept(request(schedule))).rejects.toThrow(InvalidScheduleError);
    expect(await messages()).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  it('makes one message of 50 requests in two processes; 49 get the same bytes again', async () => {
    const { service, newProcess, request, messages } = setup();
    const other = newProcess();
    const idempotency = { key: 'k-1', hash: hash('a') };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? service : other).accept(request({ idempotency }))),
    );
    expect(await messages()).toHaveLength(1);
    expect(answers.filter(({ isReplay }) => isReplay)).toHaveLength(49);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await service.accept(request({ idempotency }))).toEqual({
      status: 202,
      body: answers[0]!.body,
      isReplay: true,
    });
  });

  it('is refused with another request, in one batch and later', async () => {
    const { service, request, messages } = setup();
    const one = { key: 'k', hash: hash('a') };
    const other = { key: 'k', hash: hash('b') };
    const first = await Promise.allSettled([
      service.accept(request({ idempotency: one })),
      service.accept(request({ idempotency: other })),
    ]);
    expect(outcomes(first)).toEqual(['accepted', 'IdempotencyKeyReusedError']);
    await expect(service.accept(request({ idempotency: other }))).rejects.toThrow(IdempotencyKeyReusedError);
    expect(await messages()).toHaveLength(1);
  });

  it('belongs to its client', async () => {
    const one = setup();
    const other = setup();
    const idempotency = { key: 'k', hash: hash('a') };
    const answers = await Promise.all(
      [one, other].map(({ service, request }) => service.accept(request({ idempotency }))),
    );
    expect(answers.map(({ isReplay }) => isReplay)).toEqual([false, false]);
    expect([(await one.messages()).length, (await other.messages()).length]).toEqual([1, 1]);
  });

  it('is no clientReference', async () => {
    const { service, request } = setup();
    await service.accept(request({ idempotency: { key: 'ref:x', hash: hash('a') }, clientReference: 'x' }));
    const answer = await service.accept(request({ idempotency: { key: 'x', hash: hash('a') } }));
    expect(answer.isReplay).toBe(false);
  });

  it('that another transaction holds is in progress after a while, and its neighbours are accepted', async () => {
    const { clientId, service, request, messages } = setup();
    const holder = new pg.Client({ connectionString: testDatabase.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(
      `INSERT INTO idempotency_key (client_id, key, hash, status, response) VALUES ($1, 'key:held', sha256('x'), 202, '{}')`,
      [clientId],
    );
    const requests = Array.from({ length: 12 }, (_, i) =>
      service.accept(request({ idempotency: { key: i === 3 ? 'held' : `k-${i}`, hash: hash('a') } })),
    );
    const settled = await Promise.allSettled(requests);
    expect(outcomes(settled).filter((outcome) => outcome === 'accepted')).toHaveLength(11);
    expect(settled[3]).toMatchObject({ reason: expect.any(IdempotencyInProgressError) as unknown });
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await messages()).toHaveLength(11);
    const again = await service.accept(request({ idempotency: { key: 'held', hash: hash('a') } }));
    expect(again.isReplay).toBe(false);
  });

  it('waits for a request that is being committed, and repeats its answer', async () => {
    const { clientId, service, request, messages } = setup();
    const holder = new pg.Client({ connectionString: testDatabase.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(
      `INSERT INTO idempotency_key (client_id, key, hash, status, response) VALUES ($1, 'key:k', $2, 202, '{"id":"theirs"}')`,
      [clientId, hash('a')],
    );
    const answer = service.accept(request({ idempotency: { key: 'k', hash: hash('a') } }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await holder.query('COMMIT');
    await holder.end();
    expect(await answer).toEqual({ status: 202, body: { id: 'theirs' }, isReplay: true });
    expect(await messages()).toEqual([]);
  });
});

describe('a clientReference', () => {
  it('used before refuses its own row of 64, names the message, and leaves no key behind', async () => {
    const { service, request, messages, keys } = setup();
    const first = await service.accept(request({ clientReference: 'order-1' }));
    const settled = await Promise.allSettled(
      Array.from({ length: 64 }, (_, i) =>
        service.accept(
          request({
            idempotency: { key: `k-${i}`, hash: hash('a') },
            clientReference: i === 13 ? 'order-1' : `row-${i}`,
          }),
        ),
      ),
    );
    expect(outcomes(settled).filter((outcome) => outcome === 'accepted')).toHaveLength(63);
    const reason: unknown = (settled[13] as PromiseRejectedResult).reason;
    expect(reason).toBeInstanceOf(ClientReferenceUsedError);
    expect(reason).toMatchObject({ code: 'client_reference_used', messageId: first.body['id'] });
    expect(await messages()).toHaveLength(64);
    expect((await keys()).map(({ key }) => key)).not.toContain('key:k-13');
  });

  it('twice in one batch is one message', async () => {
    const { service, request, messages } = setup();
    const settled = await Promise.allSettled([1, 2].map(() => service.accept(request({ clientReference: 'same' }))));
    expect(outcomes(settled).sort()).toEqual(['ClientReferenceUsedError', 'accepted']);
    expect(await messages()).toHaveLength(1);
  });

  it('is repeated by its Idempotency-Key', async () => {
    const { service, request } = setup();
    const idempotency = { key: 'k', hash: hash('a') };
    const first = await service.accept(request({ idempotency, clientReference: 'order-2' }));
    expect(await service.accept(request({ idempotency, clientReference: 'order-2' }))).toEqual({
      ...first,
      isReplay: true,
    });
  });
});

describe('a batch', () => {
  it.each([
    ['a NUL in a body', 'a\u0000b'],
    ['a lone surrogate in a body', 'a\ud800b'],
  ])('with %s: only that row fails', async (_name, body) => {
    const { service, request, messages } = setup();
    const settled = await Promise.allSettled(
      Array.from({ length: 64 }, (_, i) =>
        service.accept(request({ message: { type: 'text', text: { body: i === 40 ? body : 'fine' } } })),
      ),
    );
    expect(settled.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([40]);
    expect(await messages()).toHaveLength(63);
  });
});
