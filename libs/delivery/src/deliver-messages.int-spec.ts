import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '#config';
import { GraphClient } from '#graph-api';
import { heraldWamid } from '#messages';
import { MetricsService, ObservabilityModule } from '#observability';
import { Database, PersistenceModule } from '#persistence';
import { AddSenderService, SenderDirectory, SendersModule } from '#senders';
import { aMessage, aSender, eventually, type MessageOverrides } from '#testing';
import { ClaimMessagesService } from './claim-messages.service.js';
import { LaneBreakerService } from './lane-breaker.service.js';
import { readOpenLanes } from './queries/read-open-lanes.query.js';
import { SendAttemptService } from './send-attempt.service.js';
import { type DeliveryWorld, openDeliveryWorld } from './specs/delivery-world.js';

type Answer = (request: Arrival, response: ServerResponse) => unknown;
interface Arrival {
  path: string;
  token: string;
  body: Record<string, unknown>;
}

/** Stands where Graph stands: what arrived, and what it is told to answer. */
const graph: { arrivals: Arrival[]; answer: Answer; server?: Server } = { arrivals: [], answer: accept };
const LANE = { good: '800000000000001', broken: '800000000000002', other: '800000000000003' };
let world: DeliveryWorld;
let client: GraphClient;
let directory: SenderDirectory;
let app: INestApplicationContext;

@Module({})
class Root {}

function accept({ body }: Arrival, response: ServerResponse): void {
  reply(response, 200, {
    messaging_product: 'whatsapp',
    messages: [{ id: `wamid.${String(body['biz_opaque_callback_data'])}` }],
  });
}
function reply(response: ServerResponse, status: number, body: object | string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
}
const refuse =
  (code: number, status = 400): Answer =>
  (_arrival, response) =>
    reply(response, status, { error: { code, message: 'no' } });

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  const arrival = { path: request.url ?? '', token: request.headers.authorization ?? '', body };
  graph.arrivals.push(arrival);
  await graph.answer(arrival, response);
}

beforeAll(async () => {
  world = await openDeliveryWorld({ GRAPH_CONNECTIONS: '10', RETRY_BASE_MS: '1' });
  graph.server = createServer((request, response) => void receive(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => graph.server?.once('listening', resolve));
  const { port } = graph.server.address() as AddressInfo;
  client = new GraphClient({ baseUrl: `http://127.0.0.1:${port}`, version: 'v25.0', connections: 10 });
  const imports = [
    ConfigModule.with(world.environment),
    ObservabilityModule,
    PersistenceModule.with({ statementTimeoutMs: 5_000 }),
    SendersModule,
  ];
  app = await NestFactory.createApplicationContext({ module: Root, imports }, { logger: false });
  directory = app.get(SenderDirectory);
  for (const phoneNumberId of [LANE.good, LANE.other])
    await app.get(AddSenderService).add({ phoneNumberId, wabaId: '900000000000001', accessToken: 'EAAG-of-a-test' });
  await aSender(world.database, { phoneNumberId: LANE.broken, wabaId: '900000000000002' });
}, 60_000);
afterAll(async () => {
  await client.close();
  graph.server?.closeAllConnections();
  await new Promise((resolve) => graph.server?.close(resolve));
  await app.get(Database).close();
  await app.close();
  await world.close();
});
beforeEach(async () => {
  graph.arrivals.length = 0;
  graph.answer = accept;
  await world.run('TRUNCATE hold, alert');
});

function setup({ senders = directory, writeGuardMs = 20_000 } = {}) {
  const environment = Object.assign(Object.create(world.environment), {
    SEND_WRITE_GUARD_MS: writeGuardMs,
  }) as typeof world.environment;
  const attempts = new SendAttemptService(
    client,
    senders,
    world.holds,
    world.newWindowEvidence(),
    environment,
    world.logger,
    new MetricsService(),
  );
  const delivery = world.newDelivery(attempts);
  const deliver = (...ids: string[]) => delivery.deliver({ messageIds: ids, fences: ids.map(() => '0') }, 'standard');
  return { delivery, deliver };
}
const add = (overrides?: MessageOverrides) => aMessage(world.database, { phoneNumberId: LANE.good, ...overrides });
/** As if its wait were over. */
const makeDue = (id: string) =>
  world.run(`UPDATE message SET next_attempt_at = now() - interval '1 second' WHERE id = $1 AND state = 'queued'`, id);

describe('a job', () => {
  it('is sent to Graph with the attempt’s name, whose row is there before it arrives (I4), and settled', async () => {
    const { id, recipient } = await add({ content: { type: 'text', text: { body: 'Hi', preview_url: false } } });
    const before: unknown[] = [];
    graph.answer = async (arrival, response) => {
      before.push(...(await world.attempts(id)));
      accept(arrival, response);
    };
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([
      {
        path: `/v25.0/${LANE.good}/messages`,
        token: 'Bearer EAAG-of-a-test',
        body: {
          messaging_product: 'whatsapp',
          recipient_type: 'individual',
          to: `+${recipient}`,
          type: 'text',
          text: { body: 'Hi', preview_url: false },
          biz_opaque_callback_data: `a1.${id}.1`,
        },
      },
    ]);
    expect(before).toMatchObject([{ no: 1, state: 'started' }]);
    expect(await world.message(id)).toMatchObject({ state: 'accepted', reason: 'answered' });
    expect(await world.attempts(id)).toMatchObject([
      { state: 'accepted', wamid: `wamid.a1.${id}.1`, httpStatus: 200, http2xx: true },
    ]);
    expect((await world.events(id)).map(({ type }) => type)).toEqual(['message.sending', 'message.accepted']);
  });

  it('keeps the number as it was written when Meta names it otherwise, and learns both', async () => {
    const written = '5500955500101';
    graph.answer = ({ body }, response) =>
      reply(response, 200, {
        contacts: [{ input: `+${written}`, wa_id: '550055500101' }],
        messages: [{ id: `wamid.${String(body['biz_opaque_callback_data'])}` }],
      });
    const { id } = await add({ recipient: written });
    await setup().deliver(id);
    expect(graph.arrivals.map(({ body }) => body['to'])).toEqual([`+${written}`]);
    expect((await world.message(id)).recipient).toBe(written);
    const aliases = () => world.database.prisma.contactAlias.findMany({ orderBy: { kind: 'asc' } });
    await eventually(async () => (await aliases()).length > 0);
    expect(await aliases()).toMatchObject([
      { kind: 'phone', value: written },
      { kind: 'wa_id', value: '550055500101' },
    ]);
  });

  it('of more messages than connections sends each once', async () => {
    const messages = await Promise.all(Array.from({ length: 30 }, () => add({ fedAt: new Date() })));
    const { deliver, delivery } = setup();
    await Promise.all([deliver(...messages.map(({ id }) => id)), deliver(...messages.map(({ id }) => id).reverse())]);
    const names = graph.arrivals.map(({ body }) => body['biz_opaque_callback_data']);
    expect(names.sort()).toEqual(messages.map(({ id }) => `a1.${id}.1`).sort());
    expect(delivery.inFlight).toBe(0);
  });

  it('of a sender whose requests hang leaves connections to other senders', async () => {
    const hung: (() => void)[] = [];
    graph.answer = (arrival, response) => {
      if (arrival.path.includes(LANE.good)) hung.push(() => accept(arrival, response));
      else accept(arrival, response);
    };
    const { deliver } = setup();
    const messages = await Promise.all(Array.from({ length: 10 }, () => add()));
    const hanging = deliver(...messages.map(({ id }) => id));
    await eventually(() => expect(hung.length).toBeGreaterThan(0));
    const { id } = await add({ phoneNumberId: LANE.other });
    await deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'accepted' });
    expect(hung.length).toBeLessThan(messages.length);
    graph.answer = accept;
    hung.forEach((answer) => answer());
    await hanging;
  });

  it('that is stopped puts what it has not begun back', async () => {
    const messages = await Promise.all(Array.from({ length: 12 }, () => add({ fedAt: new Date() })));
    const { deliver, delivery } = setup();
    graph.answer = async (arrival, response) => {
      delivery.stop();
      await new Promise((resolve) => setTimeout(resolve, 100));
      accept(arrival, response);
    };
    await deliver(...messages.map(({ id }) => id));
    const rows = await Promise.all(messages.map(({ id }) => world.message(id)));
    const counts = Map.groupBy(rows, ({ state }) => state);
    // Three quarters of the connections of its own priority and those that are common.
    expect(counts.get('accepted')).toHaveLength(4);
    expect(counts.get('queued')).toHaveLength(8);
    expect(rows.every(({ fedAt }) => fedAt === null)).toBe(true);
  });
});

describe('a recipient that may get no more for now', () => {
  it('gets the rest later, each in a turn of its own, which uses no attempt; others get theirs at once', async () => {
    const recipient = '15550109001';
    const hot = await Promise.all(Array.from({ length: 47 }, () => add({ recipient, fedAt: new Date() })));
    const other = await add({ fedAt: new Date() });
    await setup().deliver(...hot.map(({ id }) => id), other.id);
    expect(graph.arrivals).toHaveLength(46);
    expect(await world.message(other.id)).toMatchObject({ state: 'accepted' });
    const rows = await Promise.all(hot.map(({ id }) => world.message(id)));
    const waiting = rows.filter(({ state }) => state === 'queued');
    expect(waiting).toMatchObject(
      [1, 2].map(() => ({ reason: 'pair_pace', attemptNo: 0, fence: 0n, fedAt: null, burned: 0 })),
    );
    const [first, second] = waiting
      .map(({ nextAttemptAt }) => nextAttemptAt!.getTime() - Date.now())
      .sort((a, b) => a - b);
    expect(first).toBeGreaterThan(0);
    expect(second! - first!).toBeGreaterThan(5_900);

    await makeDue(waiting[0]!.id); // as if its turn had come: it needs no further token
    const late = await add({ recipient, fedAt: new Date() });
    await setup().deliver(waiting[0]!.id, late.id);
    expect(await world.message(waiting[0]!.id)).toMatchObject({ state: 'accepted' });
    expect(await world.message(late.id)).toMatchObject({ state: 'queued', reason: 'pair_pace' });
  });

  it('and whose turn is lost to a hold stands in line again', async () => {
    const { id, recipient } = await add({ reason: 'pair_pace' });
    await world.run(
      `INSERT INTO hold (scope, scope_id, reason, until) VALUES ('pair', $1, 'r', now() + interval '1 minute')`,
      `${LANE.good}:${recipient}`,
    );
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'queued', reason: 'throttled' });
  });
});

describe('the pace', () => {
  it('that cannot be asked for keeps nothing from being sent', async () => {
    const messages = await Promise.all(Array.from({ length: 3 }, () => add()));
    await world.run('ALTER TABLE pace_lane RENAME TO pace_lane_away');
    await setup().deliver(...messages.map(({ id }) => id));
    await world.run('ALTER TABLE pace_lane_away RENAME TO pace_lane');
    expect(graph.arrivals).toHaveLength(3);
  });

  it('spreads what it gives: messages leave one by one', async () => {
    const messages = await Promise.all(Array.from({ length: 30 }, () => add({ fedAt: new Date() })));
    const startedAt = performance.now();
    await setup().deliver(...messages.map(({ id }) => id));
    expect(graph.arrivals).toHaveLength(30);
    expect(performance.now() - startedAt).toBeGreaterThan(350); // 30 at 70 a second, and three that may go at once
  });
});

describe('an outcome', () => {
  it.each<[string, Answer, object, object]>([
    [
      'a refusal',
      refuse(131026),
      { state: 'failed', reason: 'rejected', errorCode: 131026, burned: 1 },
      { state: 'rejected_permanent', httpStatus: 400 },
    ],
    [
      'a wish to be asked again',
      refuse(131000, 500),
      { state: 'queued', reason: 'retry', burned: 1 },
      { state: 'rejected_retryable', errorCode: 131000 },
    ],
    [
      'an answer without a wamid',
      (_a, response) => reply(response, 200, '{"messages":[]}'),
      { state: 'uncertain', burned: 1 },
      { state: 'uncertain', http2xx: true, httpStatus: 200 },
    ],
    [
      'garbage with 200',
      (_a, response) => reply(response, 200, '<html>'),
      { state: 'uncertain' },
      { state: 'uncertain', http2xx: true },
    ],
    [
      'a word of an intermediary',
      (_a, response) => reply(response, 502, '<html>'),
      { state: 'uncertain', reason: 'answer_lost' },
      { state: 'uncertain', http2xx: false, httpStatus: 502 },
    ],
    [
      'a closed connection',
      (_a, response) => void response.destroy(),
      { state: 'uncertain' },
      { state: 'uncertain', http2xx: false, httpStatus: null },
    ],
  ])('%s', async (_name, answer, row, attempt) => {
    const { id } = await add();
    graph.answer = answer;
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject(row);
    expect(await world.attempts(id)).toMatchObject([attempt]);
    expect(graph.arrivals).toHaveLength(1);
  });

  it('throttled: the lane is held, nothing burns', async () => {
    const { id } = await add();
    graph.answer = refuse(130429);
    await setup().deliver(id);
    const row = await world.message(id);
    expect(row).toMatchObject({ state: 'queued', reason: 'throttled', burned: 0 });
    expect(row.nextAttemptAt!.getTime()).toBeGreaterThan(Date.now());
    const next = await add();
    await setup().deliver(next.id);
    expect(graph.arrivals).toHaveLength(1);
  });

  it('a paused template is not asked again until the hold is lifted', async () => {
    const content = { type: 'template', template: { name: 'a_template', language: { code: 'en' } } };
    const messages = [await add({ type: 'template', content }), await add({ type: 'template', content })];
    graph.answer = refuse(132015);
    await setup().deliver(messages[0]!.id);
    for (const { id } of messages) {
      await makeDue(id);
      await setup().deliver(id);
    }
    expect(graph.arrivals).toHaveLength(1);
    const paused = { scope: 'template' as const, scopeId: '900000000000001:a_template:en' };
    expect(await world.database.prisma.alert.findMany()).toMatchObject([{ ...paused, closedAt: null }]);
    await world.holds.release(paused);
    graph.answer = accept;
    for (const { id } of messages) await makeDue(id);
    await setup().deliver(...messages.map(({ id }) => id));
    expect(graph.arrivals).toHaveLength(3);
  });

  it('a disabled template ends its message and holds the others, which Meta is not asked about', async () => {
    const content = { type: 'template', template: { name: 'a_template', language: { code: 'en' } } };
    const [first, second] = [await add({ type: 'template', content }), await add({ type: 'template', content })];
    graph.answer = refuse(132016);
    await setup().deliver(first.id);
    await setup().deliver(second.id);
    expect(graph.arrivals).toHaveLength(1);
    expect(await world.message(first.id)).toMatchObject({ state: 'failed', reason: 'rejected' });
    expect(await world.message(second.id)).toMatchObject({ state: 'queued', burned: 0 });
    expect(await world.database.prisma.hold.findMany()).toMatchObject([
      { scope: 'template', scopeId: '900000000000001:a_template:en', errorCode: 132016, until: null },
    ]);
    expect(await world.database.prisma.alert.findMany()).toMatchObject([{ scope: 'template', closedAt: null }]);
  });

  it('a closed window sends the fallback next, once', async () => {
    const windowFallback = { type: 'template', template: { name: 'resume_chat', language: { code: 'en' } } };
    const { id } = await add({ windowFallback });
    graph.answer = refuse(131047);
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({
      state: 'queued',
      reason: 'window_fallback',
      usesFallback: true,
      burned: 1,
    });
    await setup().deliver(id);
    expect(graph.arrivals.map(({ body }) => body['type'])).toEqual(['text', 'template']);
    expect(graph.arrivals[1]?.body).toMatchObject({ ...windowFallback, biz_opaque_callback_data: `a1.${id}.2` });
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'rejected', burned: 2 });
  });

  it('a closed window without a fallback is the end', async () => {
    const { id } = await add();
    graph.answer = refuse(131047);
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'rejected', errorCode: 131047 });
  });
});

describe('without a request', () => {
  it.each<[string, MessageOverrides, string]>([
    ['a token that does not decrypt', { phoneNumberId: LANE.broken }, LANE.broken],
    ['a sender that is not there', { phoneNumberId: '800000000000404' }, '800000000000404'],
    ['erased content', { content: null }, LANE.good],
  ])('%s fails the message with an alert, and its lane goes on', async (_name, overrides, lane) => {
    const { id } = await add(overrides);
    const other = await add();
    await setup().deliver(id, other.id);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'internal_build_error', burned: 1 });
    expect(await world.attempts(id)).toMatchObject([{ state: 'rejected_permanent' }]);
    expect(await world.database.prisma.alert.findMany()).toMatchObject([
      { kind: 'internal_build_error', scope: 'sender', scopeId: lane, count: 1 },
    ]);
    expect(await world.message(other.id)).toMatchObject({ state: 'accepted' });
    expect(graph.arrivals).toHaveLength(1);
  });

  it('a database that cannot be read just now fails no message', async () => {
    const { id } = await add();
    const senders = {
      credentials: () => Promise.reject(new Error('Connection terminated unexpectedly')),
    } as unknown as SenderDirectory;
    await setup({ senders }).deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'queued', reason: 'not_sent', burned: 0, notSent: 1 });
    expect(await world.database.prisma.alert.count()).toBe(0);
  });

  it('a worker that was frozen after its claim writes nothing (write guard)', async () => {
    const { id } = await add();
    const frozen = {
      credentials: async (lane: string) => (
        await new Promise((resolve) => setTimeout(resolve, 60)),
        directory.credentials(lane)
      ),
    };
    await setup({ senders: frozen as unknown as SenderDirectory, writeGuardMs: 50 }).deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'queued', reason: 'not_sent', burned: 0, notSent: 1 });
  });

  it('a database that went away before the claim leaves the message where it is', async () => {
    const { id } = await add();
    const gone = new Database({ url: 'postgresql://nobody@127.0.0.1:1/none', poolMax: 2, statementTimeoutMs: 1_000 });
    const claims = new ClaimMessagesService(gone, world.environment, world.logger);
    const attempts = new SendAttemptService(
      client,
      directory,
      world.holds,
      world.newWindowEvidence(),
      world.environment,
      world.logger,
      new MetricsService(),
    );
    const delivery = world.newDelivery(attempts, claims);
    await delivery.deliver({ messageIds: [id], fences: ['0'] }, 'standard');
    expect(await world.message(id)).toMatchObject({ state: 'queued', fence: 0n });
    await eventually(() => delivery.inFlight === 0);
    await gone.close();
  });
});

describe('the customer service window', () => {
  const windowFallback = { type: 'template', template: { name: 'resume_chat', language: { code: 'en' } } };
  const listen = (since: string | null) =>
    world.run(
      `UPDATE sender SET listening_since = now() - $2::interval, last_heard_at = now(), expecting_since = NULL WHERE phone_number_id = $1`,
      LANE.good,
      since,
    );
  const write = (contact: string, at = new Date()) =>
    world.run(
      `INSERT INTO inbound_message (wamid, phone_number_id, waba_id, contact, type, ts, content, inbox_id, received_at)
       VALUES ($1, $2, 'w', $3, 'text', $4, '{}', gen_random_uuid(), now())`,
      `wamid.in.${contact}`,
      LANE.good,
      contact,
      at,
    );
  beforeEach(() => listen('48 hours'));
  afterAll(() => listen(null));

  it('when it is closed sends the fallback at once and burns nothing', async () => {
    const { id } = await add({ windowFallback });
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'queued', reason: 'window_fallback', burned: 0 });
    await setup().deliver(id);
    expect(graph.arrivals.map(({ body }) => body['template'])).toEqual([windowFallback.template]);
    expect(await world.message(id)).toMatchObject({ state: 'accepted', usesFallback: true, attemptNo: 2 });
  });

  it('when it is closed, and there is no fallback, ends the message without a request', async () => {
    const { id } = await add();
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'window_closed', errorCode: null });
    expect(await world.attempts(id)).toMatchObject([{ state: 'rejected_permanent', httpStatus: null }]);
  });

  it('when it is closed lets templates pass, and what its client leaves to Meta', async () => {
    const template = await add({ type: 'template', content: windowFallback });
    const trusting = await add({ windowPolicy: 'trust_meta' });
    await setup().deliver(template.id, trusting.id);
    expect(graph.arrivals).toHaveLength(2);
  });

  it('when it is open lets everything pass', async () => {
    const { id, recipient } = await add({ windowFallback });
    await write(recipient);
    await setup().deliver(id);
    expect(graph.arrivals.map(({ body }) => body['type'])).toEqual(['text']);
  });

  it('when nobody knows is for Meta to decide, whose no is remembered', async () => {
    await listen('1 hour');
    const { id, recipient } = await add();
    graph.answer = refuse(131047);
    await setup().deliver(id);
    const next = await add({ recipient });
    await setup().deliver(next.id);
    expect(graph.arrivals).toHaveLength(1);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'rejected', errorCode: 131047 });
    expect(await world.message(next.id)).toMatchObject({ state: 'failed', reason: 'window_closed' });
  });

  it.each([
    ['behind', -20_000, 'accepted'],
    ['ahead of', 20_000, 'failed'],
  ])(
    'is refused at the time of Meta’s clock, which is %s ours: what the contact writes is, too',
    async (_name, skewMs, state) => {
      await listen('1 hour');
      const { recipient, id } = await add();
      const refusedAt = Math.floor((Date.now() + skewMs) / 1_000) * 1_000;
      graph.answer = (arrival, response) => {
        response.setHeader('date', new Date(refusedAt).toUTCString());
        refuse(131047)(arrival, response);
      };
      await setup().deliver(id);
      expect(await world.database.prisma.windowClosing.findMany({ where: { contact: recipient } })).toMatchObject([
        { contact: recipient, closedAt: new Date(refusedAt) },
      ]);
      // A second after the refusal by a clock that is behind; before it by one that is ahead.
      await write(recipient, new Date(skewMs < 0 ? refusedAt + 1_000 : refusedAt - 1_000));
      graph.answer = accept;
      const next = await add({ recipient });
      await setup().deliver(next.id);
      expect(await world.message(next.id)).toMatchObject({ state });
    },
  );

  it('is known to be unheard of by what Meta took since', async () => {
    await listen('48 hours');
    await world.run(
      `UPDATE sender SET last_heard_at = now() - interval '2 hours' WHERE phone_number_id = $1`,
      LANE.good,
    );
    const { id } = await add({ type: 'template', content: windowFallback });
    await setup().deliver(id);
    await eventually(
      async () =>
        (await world.database.prisma.sender.findUniqueOrThrow({ where: { phoneNumberId: LANE.good } }))
          .expectingSince !== null,
    );
  });
});

describe('marketing to a contact who has stopped it since', () => {
  it('fails without a request', async () => {
    const { id, recipient } = await add({ category: 'marketing', type: 'template' });
    const other = await add({ category: 'utility', type: 'template', recipient });
    await world.database.prisma.marketingSuppression.create({
      data: { wabaId: '900000000000001', recipient, reason: 'meta_131050', refusedAt: new Date() },
    });
    await setup().deliver(id, other.id);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'recipient_opted_out', errorCode: null });
    expect(await world.message(other.id)).toMatchObject({ state: 'accepted' });
    expect(graph.arrivals.map(({ body }) => body['biz_opaque_callback_data'])).toEqual([`a1.${other.id}.1`]);
  });

  it.each([
    [131050, { isSuppressed: true, isHeld: false }],
    [131049, { isSuppressed: false, isHeld: true }],
  ])('is learnt from an answer of Meta’s, too: %i', async (code, expected) => {
    graph.answer = refuse(code);
    const { id, recipient } = await add({ category: 'marketing', type: 'template' });
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'failed', errorCode: code });
    const suppressed = await world.database.prisma.marketingSuppression.findMany({ where: { recipient } });
    const holds = await world.database.prisma.hold.findMany({
      where: { scope: 'contact_marketing', scopeId: recipient },
    });
    expect({ isSuppressed: suppressed.length === 1, isHeld: holds.length === 1 }).toEqual(expected);
  });

  it('does not go out as the fallback of a message for a closed window', async () => {
    await world.database.prisma.template.create({
      data: {
        ...{ wabaId: '900000000000001', name: 'come_back', language: 'en', metaId: '1', parameterFormat: 'POSITIONAL' },
        ...{ category: 'MARKETING', status: 'APPROVED', components: [], syncedAt: new Date() },
        ...{ categoryAt: new Date(), statusAt: new Date(), qualityAt: new Date() },
      },
    });
    const windowFallback = { type: 'template', template: { name: 'come_back', language: { code: 'en' } } };
    const { id, recipient } = await add({ windowFallback, usesFallback: true });
    const other = await add({ windowFallback, usesFallback: true });
    await world.database.prisma.marketingSuppression.create({
      data: { wabaId: '900000000000001', recipient, reason: 'meta_131050', refusedAt: new Date() },
    });
    await setup().deliver(id, other.id);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'recipient_opted_out' });
    expect(await world.message(other.id)).toMatchObject({ state: 'accepted' });
    await world.run(`DELETE FROM template WHERE name = 'come_back'`);
  });

  it('and let it begin again is sent', async () => {
    const { id, recipient } = await add({ category: 'marketing', type: 'template' });
    await world.database.prisma.marketingSuppression.create({
      data: {
        wabaId: '900000000000001',
        recipient,
        reason: 'keyword',
        choice: 'keyword',
        choiceAt: new Date(),
        wants: true,
      },
    });
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'accepted' });
  });

  it.each(['new', 'scheduled', 'retry'])(
    '%s, waits while Meta holds it back, and other messages do not',
    async (reason) => {
      const { id, recipient } = await add({ category: 'marketing', type: 'template', reason });
      const other = await add({ category: 'utility', type: 'template', recipient });
      const until = new Date(Date.now() + 3_600_000);
      await world.database.prisma.hold.create({
        data: { scope: 'contact_marketing', scopeId: recipient, reason: 'x', until },
      });
      await setup().deliver(id, other.id);
      expect(await world.message(id)).toMatchObject({ state: 'queued', attemptNo: 0, nextAttemptAt: until });
      expect(await world.message(other.id)).toMatchObject({ state: 'accepted' });
      expect(await world.holds.release({ scope: 'contact_marketing', scopeId: recipient })).toBe(true);
      expect((await world.message(id)).nextAttemptAt!.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
    },
  );
});

describe('a lane without proper answers', () => {
  it('opens its breaker after 20 of them, once, and closes it after 3 answers', async () => {
    const breakers = () => world.database.prisma.laneBreaker.findMany();
    const alerts = () => world.database.prisma.alert.findMany({ where: { kind: 'lane_breaker_open' } });
    const breaker = new LaneBreakerService(world.database, world.logger);
    const note = (attempt: string, isOpen: boolean) =>
      breaker.note(LANE.good, { attempt, httpStatus: attempt === 'accepted' ? 200 : null }, isOpen);
    for (let i = 0; i < 19; i += 1) await note('uncertain', false);
    expect(await breakers()).toEqual([]);
    await note('uncertain', false);
    expect(await breakers()).toMatchObject([{ phoneNumberId: LANE.good }]);
    expect(await alerts()).toMatchObject([{ scopeId: LANE.good, closedAt: null }]);
    expect(await readOpenLanes(world.database, 1)).toEqual(
      expect.arrayContaining([expect.objectContaining({ phoneNumberId: LANE.good, isBroken: true })]),
    );
    for (let i = 0; i < 2; i += 1) await note('accepted', true);
    expect(await breakers()).toHaveLength(1);
    await note('accepted', true);
    expect(await breakers()).toEqual([]);
    expect((await alerts())[0]!.closedAt).not.toBeNull();
  });

  it('is noticed by whoever sends', async () => {
    graph.answer = (_arrival, response) => void response.writeHead(502).end('<html>');
    const messages = await Promise.all(Array.from({ length: 20 }, () => add()));
    await setup().deliver(...messages.map(({ id }) => id));
    expect(await world.database.prisma.laneBreaker.count()).toBe(1);
    await world.run('TRUNCATE lane_breaker');
  });
});

describe('a message with a file', () => {
  const aFile = async (overrides: object = {}) => {
    const id = uuidv7();
    const data = {
      id,
      phoneNumberId: LANE.good,
      direction: 'upload',
      state: 'stored',
      kind: 'image',
      mimeType: 'image/png',
      sha256: id,
      sizeBytes: 1,
      storageKey: id,
      metaId: '777',
      firstMetaId: '776',
      uploadedAt: new Date(),
      ...overrides,
    };
    await world.database.prisma.mediaAsset.create({ data });
    return id;
  };
  const anImage = (id: string) => add({ type: 'image', content: { type: 'image', image: { id, caption: '' } } });

  it('goes out with the id that Meta knows the file by', async () => {
    const { id } = await anImage(await aFile());
    await setup().deliver(id);
    expect(graph.arrivals[0]?.body).toMatchObject({ type: 'image', image: { id: '777', caption: '' } });
    expect(await world.message(id)).toMatchObject({ state: 'accepted' });
  });

  it('fails, without a request, when the file was deleted meanwhile', async () => {
    const { id } = await anImage(await aFile({ state: 'deleted', deletedAt: new Date() }));
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'media_deleted', errorCode: null });
  });

  it('that is to be fetched fails, without a request, when it cannot be', async () => {
    const content = { type: 'image', image: { link: 'https://example.com/a.png' } };
    const { id } = await add({ type: 'image', content, mediaMode: 'upload' });
    const asIs = await add({ type: 'image', content });
    await setup().deliver(id, asIs.id);
    expect(graph.arrivals.map(({ body }) => body['image'])).toEqual([content.image]);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'media_link_refused' });
    expect(await world.attempts(id)).toMatchObject([{ detail: 'A link of it cannot be fetched: The link is none' }]);
  });

  it('waits when the file cannot be uploaded just now', async () => {
    const { id } = await anImage(await aFile({ uploadedAt: new Date(0) }));
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'queued', reason: 'not_sent' });
  });
});

describe('a message that answers one of ours', () => {
  const aReply = (target: string, overrides: MessageOverrides = {}) =>
    add({ content: { type: 'text', text: { body: 'Yes' }, context: { message_id: target } }, ...overrides });
  const inState = (state: string, clientId: string) => add({ state, clientId });

  it.each([
    ['UUID', (id: string) => id],
    ['id of the drop-in API', heraldWamid],
  ])('names it by Meta’s wamid, whether it was named by its %s', async (_by, nameOf) => {
    const { id: target, clientId, attempts } = await add({ state: 'accepted' });
    const { id } = await aReply(nameOf(target), { clientId });
    await setup().deliver(id);
    expect(graph.arrivals[0]?.body['context']).toEqual({ message_id: attempts[0]?.wamid });
  });

  it.each(['queued', 'sending', 'uncertain'])('waits while that is %s, and goes once it is accepted', async (state) => {
    const { id: target, clientId } = await inState(state, uuidv7());
    const { id } = await aReply(target, { clientId });
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({
      state: 'queued',
      reason: 'awaits_target',
      awaitsTarget: target,
      burned: 0,
      notSent: 0,
    });
    await world.targets.release();
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'queued', attemptNo: 1 });

    const done = await add({ state: 'accepted', clientId });
    await world.database.prisma.$transaction([
      world.database.prisma.$executeRaw`SET LOCAL session_replication_role = replica`,
      world.database.prisma.message.update({
        where: { id: target },
        data: { state: 'accepted', nextAttemptAt: null, leaseUntil: null, leaseOwner: null },
      }),
      world.database.prisma.attempt.deleteMany({ where: { messageId: target } }),
      world.database.prisma.attempt.updateMany({ where: { messageId: done.id }, data: { messageId: target } }),
    ]);
    await world.targets.release();
    expect(await world.message(id)).toMatchObject({ awaitsTarget: null, fedAt: null });
    await setup().deliver(id);
    expect(graph.arrivals[0]?.body['context']).toEqual({ message_id: done.attempts[0]?.wamid });
    expect(await world.message(id)).toMatchObject({ state: 'accepted', attemptNo: 2 });
  });

  it.each(['failed', 'expired', 'cancelled', 'unknown'])('fails, without a request, when that is %s', async (state) => {
    const { id: target, clientId } = await inState(state, uuidv7());
    const { id } = await aReply(target, { clientId });
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'target_not_sent', errorCode: null });
  });

  it.each([
    ['of another client', () => ({})],
    ['of another sender', (clientId: string) => ({ clientId, phoneNumberId: LANE.broken })],
  ])('fails when that is one %s, as if it were not there', async (_whose, overrides) => {
    const clientId = uuidv7();
    const { id: target } = await add({ state: 'accepted', ...overrides(clientId) });
    const { id } = await aReply(target, { clientId });
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'target_not_sent' });
  });
});

describe('a template', () => {
  const WABA = '900000000000001';
  const content = { type: 'template', template: { name: 'order_shipped', language: { code: 'en' } } };
  const become = (change: object) =>
    world.database.prisma.template.upsert({
      where: { wabaId_name_language: { wabaId: WABA, name: 'order_shipped', language: 'en' } },
      create: {
        wabaId: WABA,
        name: 'order_shipped',
        language: 'en',
        metaId: '4',
        category: 'UTILITY',
        categoryAt: new Date(),
        status: 'APPROVED',
        statusAt: new Date(),
        qualityAt: new Date(),
        parameterFormat: 'POSITIONAL',
        ...change,
      },
      update: change,
    });
  const aSend = () => add({ type: 'template', content, category: 'utility', categorySource: 'synced' });
  const holds = () => world.run('SELECT scope_id, error_code FROM hold');
  beforeEach(() => world.run('TRUNCATE template'));

  it('that is approved goes out, and so does one that nobody knows', async () => {
    const unknown = await aSend();
    await setup().deliver(unknown.id);
    await become({ status: 'APPROVED' });
    const { id } = await aSend();
    await setup().deliver(id);
    expect(graph.arrivals).toHaveLength(2);
  });

  it.each(['PAUSED', 'DISABLED'])(
    'that is %s is held with all its messages, until Meta gives it back',
    async (status) => {
      await become({ status });
      const [first, second] = [await aSend(), await aSend()];
      await setup().deliver(first.id);
      await setup().deliver(first.id, second.id);
      expect(graph.arrivals).toEqual([]);
      expect(await world.message(first.id)).toMatchObject({
        state: 'queued',
        reason: 'template_paused',
        attemptNo: 1,
        burned: 0,
        notSent: 0,
      });
      expect(await world.message(second.id)).toMatchObject({ state: 'queued', attemptNo: 0 });
      expect(await holds()).toEqual([{ scope_id: `${WABA}:order_shipped:en`, error_code: 132015 }]);
      expect(await world.run('SELECT kind, scope FROM alert WHERE closed_at IS NULL')).toHaveLength(1);
      // Another language is another template.
      const german = await add({
        type: 'template',
        content: { ...content, template: { ...content.template, language: { code: 'de' } } },
      });
      await setup().deliver(german.id);
      expect(graph.arrivals).toHaveLength(1);

      expect(await world.holds.releaseTemplates()).toBe(0);
      await become({ status: 'APPROVED', statusAt: new Date(Date.now() + 1_000) });
      expect(await world.holds.releaseTemplates()).toBe(1);
      expect(await holds()).toEqual([]);
      for (const { id } of [first, second]) await makeDue(id);
      await setup().deliver(first.id, second.id);
      expect(graph.arrivals).toHaveLength(3);
      expect(await world.run('SELECT kind FROM alert WHERE closed_at IS NULL')).toEqual([]);
    },
  );

  it.each(['DELETED', 'REJECTED'])('that is %s ends its message without a request', async (status) => {
    await become({ status });
    const { id } = await aSend();
    await setup().deliver(id);
    expect(graph.arrivals).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'failed', reason: 'template_unusable', errorCode: null });
  });

  it('of another category waits until an operator lets it go', async () => {
    await become({ category: 'MARKETING' });
    const { id } = await aSend();
    const given = await add({ type: 'template', content, category: 'utility', categorySource: 'given' });
    await setup().deliver(given.id, id);
    expect(graph.arrivals).toHaveLength(1);
    expect(await world.message(id)).toMatchObject({ state: 'queued', reason: 'template_recategorised' });
    await become({ statusAt: new Date(Date.now() + 1_000) });
    expect(await world.holds.releaseTemplates()).toBe(0);
    await world.holds.release({ scope: 'template', scopeId: `${WABA}:order_shipped:en` });
    await makeDue(id);
    await setup().deliver(id);
    expect(await world.message(id)).toMatchObject({ state: 'accepted' });
  });
});
