import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#config';
import { createTestDatabase, currentBackend, eventually, spawnProcess, type TestDatabase } from '#testing';
import { aCanary, canariesIn, disguisesOf } from './world/canaries.js';
import { type Gate, openGate } from './world/gate.js';
import { type Answer, GraphServer, reply } from './world/graph-server.js';
import { aText, HeraldApi } from './world/herald-api.js';
import { call, type HttpAnswer } from './world/http.js';
import { SENDERS, wabaOf } from './world/senders.js';
import { aNotification, aStatus, postWebhook } from './world/webhook.js';
import { HERALD, World } from './world/world.js';

const [SENDER = '', BROKEN_SENDER = ''] = SENDERS;

/** What people say, and who they are: in Postgres, on the wire and with its owner, and nowhere else. */
const PEOPLE = {
  body: aCanary('body'),
  caption: aCanary('caption'),
  inbound: aCanary('inbound'),
  profile: aCanary('profile'),
  recipient: '5550100771',
  refusedRecipient: '5550120312',
  failedRecipient: '5550130313',
  lostRecipient: '5550150014',
  echoedRecipient: '5550100775',
  contact: '5550100776',
};
/** What opens doors: on the wire where it belongs, hashed or encrypted in Postgres, and nowhere else. */
const SECRETS: Record<string, string> = {
  accessToken: `EAA${aCanary('token')}`,
  brokenToken: `EAA${aCanary('broken-token')}`,
  appSecret: aCanary('app-secret'),
  verifyToken: aCanary('verify-token'),
  adminKey: `hk_${aCanary('admin-key')}`,
  wrongKey: `hk_${aCanary('wrong-key')}`,
};

describe(`nothing private leaks (${currentBackend()})`, () => {
  let database: TestDatabase;
  let gate: Gate;
  let graph: GraphServer;
  let world: World;
  let shop: HeraldApi;
  /** All that the queue held at any moment that was looked at. */
  let queue = '';
  /** Every answer to somebody who is not the owner, or to a request that was refused. */
  const answers: HttpAnswer[] = [];
  const ids: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    gate = await openGate(database.url);
    graph = await GraphServer.listen();
    world = await World.start({
      databaseUrl: gate.url,
      senders: 0,
      simulator: { META_APP_SECRET: SECRETS.appSecret },
      env: {
        LOG_LEVEL: 'trace',
        META_APP_SECRET: SECRETS.appSecret,
        META_VERIFY_TOKEN: SECRETS.verifyToken,
        HERALD_ADMIN_KEY: SECRETS.adminKey,
      },
    });
    SECRETS.encryptionKey = String(world.env.HERALD_ENCRYPTION_KEYS).slice('k1:'.length);
    SECRETS.databasePassword = decodeURIComponent(new URL(database.url).password);
    await addSenders();
    await live();
  });
  afterAll(async () => {
    await world.stop();
    await graph.close();
    await gate.shut();
    await database.drop();
  });

  async function addSenders(): Promise<void> {
    const admin = new HeraldApi(world.api.url, SECRETS.adminKey!);
    for (const [phoneNumberId, accessToken] of [
      [SENDER, SECRETS.accessToken],
      [BROKEN_SENDER, SECRETS.brokenToken],
    ] as const) {
      const sender = await admin.call('POST', '/v1/senders', {
        body: { phoneNumberId, wabaId: wabaOf(phoneNumberId), accessToken },
      });
      expect(sender.status).toBe(201);
      answers.push(sender);
    }
    await world.query(
      `UPDATE access_token SET ciphertext = 'v1.k1.none.none' WHERE id = (SELECT access_token_id FROM sender WHERE phone_number_id = $1)`,
      [BROKEN_SENDER],
    );
    const client = await admin.create<{ id: string }>('/v1/clients', { name: 'shop' });
    const grant = { scopes: ['all'], senders: 'all' };
    const made = await admin.create<{ key: string }>(`/v1/clients/${client.id}/keys`, grant);
    SECRETS.shopKey = made.key;
    shop = new HeraldApi(world.api.url, made.key);
    answers.push(await shop.call('GET', '/v1/senders'), await shop.call('GET', `/v1/clients/${client.id}/keys`));
  }

  const text = (digits: string, overrides: object = {}) =>
    aText(`+1${digits}`, { from: SENDER, message: { type: 'text', text: { body: PEOPLE.body } }, ...overrides });
  const send = async (...messages: object[]) => void ids.push(...(await shop.sendAll(messages)));

  /** Everything that can go right and wrong, with canaries in it. */
  async function live(): Promise<void> {
    // Jobs are gone when they are done: some wait for a worker that is not there.
    await world.terminate('worker');
    await send(text(PEOPLE.recipient), text(PEOPLE.recipient, { priority: 'urgent' }));
    await eventually(async () => {
      queue = await world.queue.dump();
      return ids.every((id) => queue.includes(id));
    });
    await world.start('worker');
    let isLiving = true;
    const watching = (async () => {
      for (; isLiving; await sleep(20)) queue += await world.queue.dump();
    })();

    const image = { type: 'image', image: { link: 'https://example.com/a.jpg', caption: PEOPLE.caption } };
    await send(
      text(PEOPLE.recipient, { message: image }),
      text(PEOPLE.refusedRecipient),
      text(PEOPLE.failedRecipient),
      text(PEOPLE.lostRecipient),
      text(PEOPLE.recipient, { from: BROKEN_SENDER }),
    );
    await refused();
    await webhooks();
    await world.until(ids, "state IN ('accepted', 'failed')");
    await world.simulator.idle();
    isLiving = false;
    await watching;

    await echoes();
    await withoutQueue();
    await withoutPostgres();
    await probe();
    await world.terminate(...HERALD);
  }

  async function refused(): Promise<void> {
    const post = async (api: HeraldApi, body: object | string, headers: Record<string, string> = {}) =>
      void answers.push(await api.call('POST', '/v1/messages', { body, headers }));
    const { body, recipient, contact } = PEOPLE;
    await post(shop, `{"to": "+1${recipient}", "body": "${body}`);
    await post(shop, JSON.stringify(text(recipient)), { 'content-type': `text/${body}` });
    await post(shop, { ...text(recipient), [`${body} `]: body });
    await post(shop, text(recipient, { message: { type: body } }));
    await post(shop, text(recipient, { to: `${body}${recipient}` }));
    await post(shop, text(recipient, { message: { type: 'text', text: { body: `\u0000${body}` } } }));
    await post(shop, text(recipient, { sendAt: body, priority: body, tags: [body.repeat(9)] }));
    await post(shop, text(recipient, { from: contact }));
    await post(shop, text(recipient, { message: { type: 'text', text: { body: body.repeat(90_000) } } }));
    await post(new HeraldApi(world.api.url, SECRETS.wrongKey!), text(recipient));
    ids.push(await shop.send(text(recipient), { 'idempotency-key': 'one' }));
    await post(shop, text(contact), { 'idempotency-key': 'one' });
    await post(shop, text(contact), { 'idempotency-key': `${body} ${body}` });
    const reference = text(recipient, { clientReference: 'one' });
    ids.push(await shop.send(reference));
    await post(shop, reference);
    answers.push(
      await shop.call('GET', `/v1/messages?access_token=${SECRETS.adminKey}`),
      await shop.call('GET', `/v1/messages/${body}?to=${recipient}`),
      await shop.call('GET', `/v1/messages?to=${body}&tag=%00${body}`),
      await shop.call('GET', `/v1/${body}/${recipient}`),
      await shop.call('POST', '/v1/senders', {
        body: { phoneNumberId: `${body} `, accessToken: `${SECRETS.accessToken} ` },
      }),
      await new HeraldApi(world.api.url, SECRETS.adminKey!).call('GET', `/v1/messages/${ids[0]}`),
    );
    expect(answers.slice(4).filter(({ status }) => status < 400)).toEqual([]);
  }

  async function webhooks(): Promise<void> {
    const { inbound, profile, contact } = PEOPLE;
    const secret = SECRETS.appSecret!;
    await world.simulator.inbound({ from: `1${contact}`, phoneNumberId: SENDER, text: inbound, name: profile });
    const now = String(Math.floor(Date.now() / 1_000));
    const message = {
      from: `1${contact}`,
      id: 'wamid.canary',
      timestamp: now,
      type: 'text',
      text: { body: `${inbound}\u0000\ud800` },
    };
    const notifications = [
      aNotification({ messages: [message], contacts: [{ wa_id: `1${contact}`, profile: { name: profile } }] }, SENDER),
      aNotification({ messages: [message] }, '811111111111111'),
      aNotification({ messages: [{ ...message, id: inbound, type: inbound, [inbound]: inbound }] }, SENDER),
      aNotification(
        { statuses: [aStatus(inbound, inbound, { timestamp: inbound, recipient_id: `1${contact}` })] },
        SENDER,
      ),
      aNotification(
        { statuses: [aStatus('wamid.x', 'failed', { errors: [{ code: 1e20, title: inbound, message: profile }] })] },
        SENDER,
      ),
      aNotification({ errors: [{ code: 131000, title: inbound }] }, SENDER),
      { object: inbound, entry: [{ id: inbound, changes: [{ field: inbound, value: { inbound } }] }] },
      `{ "not json": "${inbound}`,
    ];
    for (const notification of notifications) {
      answers.push(await postWebhook(world.urlOf('webhooks'), notification, secret));
      answers.push(await postWebhook(world.urlOf('webhooks'), notification, `not-${secret}`));
    }
    answers.push(
      await call(
        'GET',
        `${world.urlOf('webhooks')}/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=${inbound}&hub.challenge=${profile}`,
      ),
    );
    await eventually(async () => expect(await world.query('SELECT * FROM inbox_work')).toEqual([]));
  }

  /** A server that repeats in its errors what it was sent: number, body and token. */
  async function echoes(): Promise<void> {
    await world.terminate('worker');
    await world.startWith('worker', { GRAPH_API_BASE_URL: graph.url });
    for (const answer of ECHOES) {
      graph.answer = answer;
      const id = await shop.send(text(PEOPLE.echoedRecipient));
      await eventually(() => graph.requests.some(({ body }) => body.biz_opaque_callback_data === `a1.${id}.1`));
      await world.until([id], "state NOT IN ('queued', 'sending') OR attempt_no > 1");
      // Seen enough of it: it is not to be tried again.
      await world.query(`UPDATE message SET expires_at = now() WHERE id = $1 AND state = 'queued'`, [id]);
    }
    graph.answer = ECHOES[0]!;
  }

  async function withoutQueue(): Promise<void> {
    await world.queue.goDown();
    await send(text(PEOPLE.recipient));
    await sleep(500);
    await world.queue.comeBack();
  }

  async function withoutPostgres(): Promise<void> {
    await gate.shut();
    const { recipient, body, inbound } = PEOPLE;
    answers.push(
      await shop.call('POST', '/v1/messages', { body: text(recipient) }),
      await shop.call('GET', `/v1/messages?to=${recipient}&tag=${body}`),
      await new HeraldApi(world.api.url, SECRETS.wrongKey!).call('GET', `/v1/messages/${recipient}`),
      await postWebhook(world.urlOf('webhooks'), aNotification({ errors: [{ title: inbound }] }), SECRETS.appSecret!),
    );
    await sleep(300);
    await gate.open();
    await eventually(async () => (await call('GET', `${world.urlOf('worker')}/health/ready`)).status === 200);
  }

  /** What anybody may look at. */
  async function probe(): Promise<void> {
    for (const path of ['/metrics', '/docs', '/docs-json', '/health/live', '/health/ready', '/']) {
      for (const name of HERALD) answers.push(await call('GET', world.urlOf(name) + path));
    }
  }

  it('there is something to leak: taken, refused, lost, not built, echoed, heard', async () => {
    const reasons = await world.query<{ reason: string }>('SELECT DISTINCT state, reason FROM message');
    expect(reasons).toEqual(
      expect.arrayContaining([
        { state: 'accepted', reason: 'answered' },
        { state: 'accepted', reason: 'proved_by_status' },
        { state: 'failed', reason: 'rejected' },
        { state: 'failed', reason: 'internal_build_error' },
        { state: 'uncertain', reason: 'answer_lost' },
      ]),
    );
    const heard = `SELECT 1 FROM inbound_message WHERE content::text LIKE '%' || $1 || '%'`;
    expect((await world.query(heard, [PEOPLE.inbound])).length).toBeGreaterThanOrEqual(2);
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(4);
    expect(graph.requests.length).toBeGreaterThanOrEqual(ECHOES.length);
  });

  it('into the output of any process', () => {
    const output = world.output();
    for (const line of [
      'attempt.finished',
      'notification.refused',
      'notification.not_stored',
      'request.failed',
      'api.listening',
      'process.stopped',
    ]) {
      expect(output).toContain(line);
    }
    expect(canariesIn(output, { ...PEOPLE, ...SECRETS })).toEqual([]);
  });

  it('into the queue', () => {
    expect(canariesIn(queue, { ...PEOPLE, ...SECRETS })).toEqual([]);
  });

  it('into an answer to somebody else, or to a request that was refused', () => {
    const bodies = answers.map(({ text: body, headers }) => `${body} ${JSON.stringify([...headers])}`).join('\n');
    expect(canariesIn(bodies, { ...PEOPLE, ...SECRETS })).toEqual([]);
  });

  it('secrets into any table, and what people say into those that are not for it', async () => {
    expect(canariesIn(await dump(await tables()), SECRETS)).toEqual([]);
    const { body, caption, inbound, profile } = PEOPLE;
    const others = (await tables()).filter((name) => !WITH_CONTENT.includes(name));
    expect(others.length).toBeGreaterThan(10);
    expect(canariesIn(await dump(others), { body, caption, inbound, profile })).toEqual([]);
  });

  /** Months are read as part of their table. */
  const tables = async () =>
    (
      await world.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
      )
    ).map(({ name }) => name);
  const dump = async (names: string[]) => {
    const rows: string[] = [];
    for (const name of names) {
      rows.push(
        ...(await world.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`)).map(
          ({ row }) => `${name} ${row}`,
        ),
      );
    }
    return rows.join('\n');
  };

  describe('and it would be seen', () => {
    it.each(Object.entries(PEOPLE))('in every disguise: %s', (name, canary) => {
      const others = aCanary('other');
      for (const disguise of disguisesOf(canary)) {
        expect(canariesIn(`${others}"${disguise}"${others}`, { [name]: canary, others: 'x'.repeat(40) })).toEqual([
          name,
        ]);
      }
      for (const offset of [0, 1, 2, 3]) {
        expect(
          canariesIn(Buffer.from(`${'.'.repeat(offset)}${canary}, and more`).toString('base64'), { canary }),
        ).toEqual(['canary']);
      }
    });

    it('in the output of a process, on stdout and on stderr', async () => {
      const [out, err] = [aCanary('stdout'), aCanary('stderr')];
      const folder = mkdtempSync(join(tmpdir(), 'herald-canary-'));
      const program = join(folder, 'careless.mjs');
      writeFileSync(program, `console.log('{"msg":"${out}"}'); console.error('${err}');`);
      const careless = await spawnProcess(relative(projectRoot(), program), {}, { readyPath: null });
      await careless.exited;
      rmSync(folder, { recursive: true });
      expect(canariesIn(careless.output(), { out, err })).toEqual(['out', 'err']);
    });

    it('in every kind of place in the queue', async () => {
      const planted = aCanary('planted');
      const count = await world.queue.plant(planted);
      const found = await world.queue.dump();
      for (let index = 0; index < count; index += 1) {
        expect(canariesIn(found, { planted: `${planted}-${index}` })).toEqual(['planted']);
      }
    });

    it('in a table, as text, JSON and bytes', async () => {
      const { body, inbound } = PEOPLE;
      expect(canariesIn(await dump(['message_content']), { body })).toEqual(['body']);
      expect(canariesIn(await dump(['inbound_message']), { inbound })).toEqual(['inbound']);
      expect(canariesIn(await dump(['inbox']), { inbound })).toEqual(['inbound']);
    });

    it('in an answer: its owner is shown what it says', () => {
      expect(canariesIn(JSON.stringify(text(PEOPLE.recipient)), PEOPLE)).toEqual(['body', 'recipient']);
    });
  });
});

/** Tables that are there to hold what people say, Meta's own words about a send, and message ids as they came. */
const WITH_CONTENT = [
  'message_content',
  'inbox',
  'inbound_message',
  'conversation',
  'orphan_status',
  'status_event',
  'attempt',
  'event',
  'inbox_unhandled',
];

const quote = ({ body, headers }: { body: object; headers: object }) => JSON.stringify({ body, headers });
const ECHOES: Answer[] = [
  (request, response) =>
    reply(response, 400, { error: { code: 100, message: quote(request), error_data: { details: quote(request) } } }),
  (request, response) => reply(response, 500, { error: { code: 131000, message: quote(request), is_transient: true } }),
  (request, response) => reply(response, 502, `<html>${quote(request)}</html>`),
  (request, response) => reply(response, 200, `<html>${quote(request)}</html>`),
  (request, response) => {
    response.setHeader('x-echo', encodeURIComponent(quote(request)));
    response.destroy();
  },
];
