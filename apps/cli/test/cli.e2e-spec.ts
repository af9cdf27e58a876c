import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AccessModule, AuthenticateService, ClientDirectory } from '#access';
import { ConfigModule, readEnvironment, markOf, writeRunEnv } from '#config';
import { ObservabilityModule } from '#observability';
import { Database, PersistenceModule } from '#persistence';
import { SenderDirectory, SendersModule } from '#senders';
import { aMessage, createTestDatabase, type TestDatabase } from '#testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { AcceptMessageService, MessagesModule } from '#messages';
import { QueuesModule, Queues } from '#queues';
import { v7 as uuidv7 } from 'uuid';
import { runCli } from './run-cli.js';

jest.setTimeout(60_000);

const ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const SENDER = [
  '--phone-number-id',
  '800000000000001',
  '--waba-id',
  '900000000000001',
  '--access-token',
  'canary-token',
];

let database: TestDatabase;
let home: string;
let env: Record<string, string>;
let rooms: INestApplicationContext;
/** Meta, of whose apps some are subscribed; null: it refuses the token. */
let graph: Server;
let subscribed: string[] | null = ['200000000000001'];
const asked: string[] = [];

async function startGraph(): Promise<string> {
  graph = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (subscribed === null) response.writeHead(401).end('{"error":{"code":190,"message":"canary-token is bad"}}');
    else if (request.method === 'POST') response.end('{"success":true}');
    else response.end(JSON.stringify({ data: subscribed.map((id) => ({ whatsapp_business_api_data: { id } })) }));
  }).listen(0, '127.0.0.1');
  await once(graph, 'listening');
  return `http://127.0.0.1:${(graph.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(join(tmpdir(), 'herald-cli-'));
  env = {
    DATABASE_URL: database.url,
    HERALD_HOME: home,
    HERALD_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
    GRAPH_API_BASE_URL: await startGraph(),
  };
  rooms = await openRooms();
});
afterAll(async () => {
  graph.closeAllConnections();
  graph.close();
  await rooms.get(Queues).close();
  await rooms.get(Database).close();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

/** The rooms as a process of Herald has them: what the commands wrote is read, and used, through them. */
async function openRooms(): Promise<INestApplicationContext> {
  const environment = readEnvironment({
    ...env,
    META_APP_SECRET: 'app-secret',
    META_VERIFY_TOKEN: 'verify-token',
    LOG_LEVEL: 'silent',
  });
  @Module({
    imports: [
      ConfigModule.with(environment),
      ObservabilityModule,
      PersistenceModule.with({ statementTimeoutMs: 5_000 }),
      QueuesModule.with(environment),
      AccessModule,
      SendersModule,
      MessagesModule,
    ],
  })
  class Rooms {}
  return NestFactory.createApplicationContext(Rooms, { logger: false });
}

const herald = (...args: string[]) => runCli(args, env);
/** Runs a command that must do its work, and gives the lines it printed. */
async function values(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await herald(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

describe('client add', () => {
  it('prints the id of the client, and refuses a name that is taken', async () => {
    const [id, ...rest] = await values('client', 'add', '--name', 'shop');
    expect(rest).toEqual([]);
    expect(await rooms.get(ClientDirectory).named('shop')).toMatchObject({ id });
    expect(await herald('client', 'add', '--name', 'shop')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is a client of this name already\n',
    });
  });
});

describe('key', () => {
  it('create prints the key alone, and makes its client when that is new', async () => {
    const printed = await values(
      'key',
      'create',
      '--client',
      'till',
      '--scopes',
      'messages:write,messages:read',
      '--senders',
      '800000000000001',
    );
    expect(printed).toEqual([expect.stringMatching(/^hk_[\w-]{43}$/)]);
    const client = await rooms.get(ClientDirectory).named('till');
    expect(await rooms.get(AuthenticateService).authenticate(printed[0]!)).toMatchObject({
      clientId: client?.id,
      scopes: ['messages:write', 'messages:read'],
      senders: ['800000000000001'],
    });
  });

  it.each(['--id', '--prefix'])('revoke by %s ends a key', async (option) => {
    const [key = ''] = await values('key', 'create', '--client', `of${option}`, '--scopes', 'all', '--senders', 'all');
    const client = await rooms.get(ClientDirectory).named(`of${option}`);
    const [row] = await rooms.get(ClientDirectory).keys(client!.id);
    expect(await values('key', 'revoke', option, option === '--id' ? row!.id : row!.prefix)).toEqual([row!.id]);
    expect(await rooms.get(AuthenticateService).authenticate(key)).toBeNull();
  });

  it('revoke says when there is no such key', async () => {
    expect(await herald('key', 'revoke', '--prefix', 'hk_nobody')).toMatchObject({ code: 1, stdout: '' });
    expect(await herald('key', 'revoke', '--id', '01990000-0000-7000-8000-000000000001')).toMatchObject({
      code: 1,
      stderr: 'There is no key of the id 01990000-0000-7000-8000-000000000001\n',
    });
  });
});

describe('hold and alert', () => {
  beforeAll(async () => {
    const { prisma } = rooms.get(Database);
    const paused = { scope: 'access_token', scopeId: 'token-1' };
    await prisma.hold.create({ data: { ...paused, reason: 'Access token not accepted', errorCode: 190 } });
    await prisma.hold.create({
      data: { scope: 'sender', scopeId: 'over', reason: 'r', until: new Date(Date.now() - 1) },
    });
    await prisma.alert.create({
      data: { id: uuidv7(), kind: 'sending_paused', ...paused, count: 3, advice: 'Give a new token' },
    });
  });

  it('list shows what holds sending back, and what to do', async () => {
    expect(await values('hold', 'list')).toEqual([
      ['access_token', 'token-1', '190', '-', 'Access token not accepted'].join('\t'),
    ]);
    expect(await values('alert', 'list')).toEqual([
      expect.stringMatching(/^sending_paused\taccess_token\ttoken-1\t3\t[\dT:.-]+Z\tGive a new token$/),
    ]);
  });

  it('close ends an alert that tells of something that happened, and no other', async () => {
    const close = (kind: string, scope: string, id: string) =>
      herald('alert', 'close', '--kind', kind, '--scope', scope, '--id', id);
    const dead = { kind: 'notification_item_dead', scope: 'inbox', scopeId: '01990000-0000-7000-8000-000000000001' };
    await rooms.get(Database).prisma.alert.create({ data: { id: uuidv7(), ...dead, advice: 'x' } });
    const ok = { code: 0, stdout: '', stderr: '' };
    expect(await close(dead.kind, dead.scope, dead.scopeId)).toEqual(ok);
    expect(await close(dead.kind, dead.scope, dead.scopeId)).toMatchObject({ code: 1, stdout: '' });
    expect(await close('sending_paused', 'access_token', 'token-1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('when its cause ends'),
    });
  });

  it('lift ends the hold and its alert, once', async () => {
    expect(await values('hold', 'lift', '--scope', 'access_token', '--id', 'token-1')).toEqual([]);
    expect([await values('hold', 'list'), await values('alert', 'list')]).toEqual([[], []]);
    expect(await herald('hold', 'lift', '--scope', 'access_token', '--id', 'token-1')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Nothing is held on access_token token-1\n',
    });
    expect(await herald('hold', 'lift', '--scope', 'planet', '--id', 'x')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('conversation', () => {
  it('list shows what opened last, of a sender, as of an instant', async () => {
    const openedAt = new Date('2026-11-22T12:00:00Z');
    const facts = { contact: '15550100001', contactKey: '15550100001', openedBy: 'wamid.1' };
    const ends = { openedAt, lastHeardAt: openedAt, expiresAt: new Date('2026-11-23T12:00:00Z') };
    await rooms.get(Database).prisma.conversation.create({
      data: { id: uuidv7(), phoneNumberId: '800000000000001', kind: 'service', ...facts, ...ends },
    });
    const line = (state: string) =>
      [
        '800000000000001',
        '15550100001',
        'service',
        '-',
        state,
        openedAt.toISOString(),
        ends.expiresAt.toISOString(),
      ].join('\t');
    const list = ['conversation', 'list', '--sender', '800000000000001'];
    expect(await values(...list)).toEqual([line('expired')]);
    expect(await values(...list, '--at', '2026-11-23T11:59:59Z')).toEqual([line('open')]);
    expect(await values('conversation', 'list', '--sender', '7')).toEqual([]);
    expect(await herald('conversation', 'list', '--at', 'noon')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('sender', () => {
  it.each<[string, string[] | null, string[], string]>([
    ['none when an app is subscribed', ['1'], [], ''],
    ['none when the very app is', ['1', '200'], ['--app-id', '200'], ''],
    [
      'another app',
      ['1'],
      ['--app-id', '200'],
      'the app is not subscribed to account 900000000000009: no webhook of it will come, so no status. Add --subscribe to do it',
    ],
    [
      'no app',
      [],
      [],
      'the app is not subscribed to account 900000000000009: no webhook of it will come, so no status. Add --subscribe to do it',
    ],
    [
      'a refusal',
      null,
      [],
      'Meta could not be asked whether the app is subscribed to account 900000000000009 (code 190): unless it is, no status comes',
    ],
    ['none when it is subscribed now', [], ['--subscribe'], ''],
    [
      'a refused subscription',
      null,
      ['--subscribe'],
      'the app could not be subscribed to account 900000000000009 (code 190): until it is, no status comes',
    ],
  ])('add warns of webhooks that will not come: %s', async (_name, apps, options, warning) => {
    asked.length = 0;
    subscribed = apps;
    const sender = [
      '--phone-number-id',
      '800000000000009',
      '--waba-id',
      '900000000000009',
      '--access-token',
      'canary-token',
    ];
    const { code, stdout, stderr } = await herald('sender', 'add', ...sender, '--app-id', 'default', ...options);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '800000000000009\n',
      stderr: warning === '' ? '' : `Warning: ${warning}\n`,
    });
    const method = options.includes('--subscribe') ? 'POST' : 'GET';
    expect(asked).toEqual([`${method} /v25.0/900000000000009/subscribed_apps`]);
    subscribed = ['200000000000001'];
    await rooms
      .get(Database)
      .query({ name: '', sql: `DELETE FROM sender WHERE phone_number_id = '800000000000009'` }, []);
  });

  it('add stores a sender whose token opens with the configured keys, list shows all but the token', async () => {
    expect(await values('sender', 'add', ...SENDER)).toEqual(['800000000000001']);
    expect(await rooms.get(SenderDirectory).credentials('800000000000001')).toMatchObject({
      accessToken: 'canary-token',
    });
    const more = ['--portfolio-id', 'acme', '--app-id', 'app', '--currency', 'EUR', '--timezone', 'Europe/Berlin'];
    await values(
      'sender',
      'add',
      '--phone-number-id',
      '800000000000002',
      '--waba-id',
      '900000000000002',
      '--access-token',
      'other',
      ...more,
      '--display-number',
      '+1 555-010-0100',
    );
    expect(await values('sender', 'list')).toEqual([
      '800000000000001\t900000000000001\twaba-900000000000001\tdefault\t-\tUSD\tUTC',
      '800000000000002\t900000000000002\tacme\tapp\t+1 555-010-0100\tEUR\tEurope/Berlin',
    ]);
  });
});

describe('message redrive', () => {
  it('takes one by id, or what a filter holds, after a preview', async () => {
    const [clientId = ''] = await values('client', 'add', '--name', 'redriver');
    const add = (state: string) =>
      aMessage(rooms.get(Database), { clientId, state, reason: 'rejected', errorCode: 131042 });
    const { id } = await add('failed');
    await add('failed');
    await add('unknown');
    expect(await herald('message', 'redrive', id, '--preview')).toMatchObject({ code: 2, stdout: '' });
    expect(await herald('message', 'redrive', id, '--client', 'nobody')).toMatchObject({ code: 2, stdout: '' });
    expect(await herald('message', 'redrive', id, '--expires-at', '2026-01-01T00:00:00Z')).toMatchObject({ code: 1 });
    const expiresAt = new Date(Date.now() + 3_600_000);
    const until = ['--expires-at', expiresAt.toISOString()];
    expect(await values('message', 'redrive', id, '--because', 'a test', ...until)).toEqual(['1']);
    expect(await rooms.get(Database).prisma.message.findFirst({ where: { id } })).toMatchObject({ expiresAt });
    expect(await herald('message', 'redrive', id)).toMatchObject({ code: 1, stdout: '' });
    const filter = ['--client', 'redriver', '--code', '131042'];
    expect(await values('message', 'redrive', ...filter, '--preview')).toEqual(['1\tfailed\trejected\t131042']);
    expect(await values('message', 'redrive', ...filter)).toEqual(['1']);
    expect(await values('message', 'redrive', ...filter, '--force')).toEqual(['1']);
    expect(await herald('message', 'redrive')).toMatchObject({ code: 2, stdout: '' });
    expect(await herald('message', 'redrive', '--after', 'yesterday')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('message show', () => {
  it('shows the message of any client', async () => {
    const [clientId = ''] = await values('client', 'add', '--name', 'owner');
    const { body } = await rooms.get(AcceptMessageService).accept({
      clientId,
      phoneNumberId: '800000000000001',
      recipient: '15550100101',
      message: { type: 'text', text: { body: 'Your table is ready' } },
      clientReference: 'order-1042',
    });
    const lines = await values('message', 'show', String(body['id']));
    expect(lines).toEqual(
      expect.arrayContaining([
        `id\t${String(body['id'])}`,
        'client\towner',
        'reference\torder-1042',
        'to\t+15550100101',
        'state\tqueued',
        'timeline',
        expect.stringMatching(/\tevent\tmessage\.queued\tapi\t/),
      ]),
    );
  });

  it('says when there is none', async () => {
    expect(await herald('message', 'show', '01990000-0000-7000-8000-000000000001')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no message of this id\n',
    });
  });
});

describe('a wrong call', () => {
  it.each([
    [[], /^Usage: /],
    [['nope'], /unknown command 'nope'[^]*Usage: /],
    [['key', 'nope'], /unknown command 'nope'[^]*Usage: .* key /],
  ])('%j shows the usage and ends with 2', async (args, words) => {
    const { code, stdout, stderr } = await herald(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  it.each([
    [['client', 'add'], "error: required option '--name <name>' not specified"],
    [['client', 'add', '--name', 'a', 'b'], "error: too many arguments for 'add'. Expected 0 arguments but got 1."],
    [['key', 'create', '--client', 'a', '--scopes', 'all'], "error: required option '--senders <list>' not specified"],
    [['sender', 'add', ...SENDER, '--currency', 'euro'], '--currency must be three capital letters, such as USD'],
    [['message', 'show'], "error: missing required argument 'id'"],
  ])('%j says in a line what is wrong and ends with 2', async (args, line) => {
    expect(await herald(...args)).toEqual({ code: 2, stdout: '', stderr: `${line}\n` });
  });

  it.each([[['--help']], [['key', 'create', '--help']]])('but %j is none', async (args) => {
    const { code, stdout, stderr } = await herald(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: /);
  });
});

describe('the database', () => {
  it('is the one of a live stack’s run.env when none is configured', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'herald-cli-'));
    writeFileSync(join(folder, 'start.pid'), markOf(process.pid)!);
    writeRunEnv(folder, {
      HERALD_URL: 'http://127.0.0.1:3000',
      DATABASE_URL: database.url,
      GRAPH_API_BASE_URL: env['GRAPH_API_BASE_URL']!,
      HERALD_ADMIN_KEY: 'hk_the-bootstrap-key-of-this-test',
      HERALD_API_KEY: 'hk_the-ready-key-of-this-test',
      META_APP_SECRET: 'app-secret',
      META_VERIFY_TOKEN: 'verify-token',
      HERALD_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
      HERALD_PID: String(process.pid),
    });
    const args = [
      '--phone-number-id',
      '800000000000003',
      '--waba-id',
      '900000000000001',
      '--access-token',
      'stack-token',
    ];
    asked.length = 0;
    expect(await runCli(['sender', 'add', ...args], { HERALD_HOME: folder })).toMatchObject({ code: 0, stderr: '' });
    // It asks the Meta of that stack, too, and not the real one.
    expect(asked).toEqual(['GET /v25.0/900000000000001/subscribed_apps']);
    expect(await rooms.get(SenderDirectory).credentials('800000000000003')).toMatchObject({
      accessToken: 'stack-token',
    });
    rmSync(folder, { recursive: true });
  });

  it('ends the command with 1 when it does not answer', async () => {
    const { code, stdout, stderr } = await runCli(['sender', 'list'], {
      ...env,
      DATABASE_URL: 'postgresql://a:canary@127.0.0.1:1/a',
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^connect ECONNREFUSED 127\.0\.0\.1:1\n$/);
  });

  it('is not asked when the environment is wrong: that is told, a line a value', async () => {
    const { code, stderr } = await runCli(['sender', 'list'], {
      ...env,
      DATABASE_URL: 'mysql://a:canary@b/c',
      PORT: 'x',
    });
    expect({ code, lines: stderr.trim().split('\n').sort() }).toEqual({
      code: 1,
      lines: ['DATABASE_URL must be a postgresql:// URL', 'PORT must be a whole number from 0 to 65535'],
    });
  });
});

describe('rates reconcile', () => {
  it.each([
    [['--from', '2026-11-01'], 2, '--from and --to go together'],
    [['--from', 'soon', '--to', '2026-11-01'], 2, '--from must be a day such as 2026-11-01; it is "soon"'],
    [['--from', '2026-11-02', '--to', '2026-11-01'], 2, '--to must not be before from, 2026-11-02'],
    [['--waba-id', '123456'], 1, 'There is no account 123456'],
  ])('%j ends with %i', async (options, code, why) =>
    expect(await herald('rates', 'reconcile', ...options)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining(why),
    }),
  );
});

describe('rates import', () => {
  const card = (name: string, text: string) => {
    const file = join(home, name);
    writeFileSync(file, text);
    return file;
  };

  it('brings a card in once, and nothing of one with a wrong line', async () => {
    const wrong = card('wrong.csv', 'Market,Marketing\nBrazil,0.06\nAtlantis,0.01\nIndia,much\n');
    expect(await herald('rates', 'import', wrong, '--from', '2026-01-01')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Nothing was imported:\ncard line 3: "Atlantis" is no market that is known\ncard line 4: marketing is no rate: "much"\n',
    });
    const right = card('right.csv', 'Market,Marketing\nBrazil,0.06\n');
    const [line] = await values('rates', 'import', right, '--from', '2026-01-01', '--unofficial', '--source', 'a test');
    expect(line).toMatch(/^[0-9a-f-]{36}\t1\t0$/);
    expect(await values('rates', 'list')).toEqual([`${line?.split('\t')[0]}\tUSD\t2026-01-01\t-\ta test\tunofficial`]);
    expect(await herald('rates', 'import', right, '--from', '2026-01-01')).toMatchObject({
      code: 1,
      stderr: 'A card in USD from 2026-01-01 on would overlap the one from 2026-01-01 on\n',
    });
    expect(await herald('rates', 'import', right, '--from', 'soon')).toMatchObject({ code: 2 });
  });
});

describe('intake replay', () => {
  /** A notification that counts as applied: nobody waits to. */
  const applied = async (wamid: string) => {
    const message = {
      ...{ id: wamid, from: '15550100199', timestamp: String(Math.floor(Date.now() / 1_000)) },
      ...{ type: 'text', text: { body: 'Hi' } },
    };
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550100100', phone_number_id: '800000000000001' },
      messages: [message],
    };
    const raw = JSON.stringify({ entry: [{ id: '900000000000001', changes: [{ field: 'messages', value }] }] });
    await run(`INSERT INTO inbox (id, raw, sha256) VALUES ($1, $2, sha256($2))`, uuidv7(), Buffer.from(raw));
  };
  const run = (sql: string, ...parameters: unknown[]) => rooms.get(Database).query({ name: '', sql }, parameters);

  it('prints what it compared, and ends with 1 and what differs when the tables are not what was told', async () => {
    // Written by hand for the tests above.
    await run('DELETE FROM conversation');
    const same = await herald('intake', 'replay');
    expect(same).toMatchObject({ code: 0, stderr: '' });
    const lines = same.stdout.trim().split('\n');
    expect(lines).toContain('inbound_message\t0\t0');
    expect(lines.every((line) => /^[a-z_]+\t\d+\t0$/.test(line))).toBe(true);

    await applied('wamid.never-stored');
    const other = await herald('intake', 'replay');
    expect(other.code).toBe(1);
    expect(other.stdout).toContain('inbound_message\t1\t1\n');
    expect(other.stderr).toContain('inbound_message differs: wamid.never-stored\n');
    expect(other.stderr).toContain('Nothing was changed');
    expect(await run('SELECT FROM inbound_message')).toEqual([]);
    await run('DELETE FROM inbox');
  });
});

describe('partitions', () => {
  it('lists months, and drops those before one that are over', async () => {
    await rooms.get(Database).query({ name: '', sql: `SELECT ensure_partitions('2019-01-01')` }, []);
    const listed = await herald('partitions', 'list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^2019-01\t\d+\t-\n2019-02\t/);
    expect(await herald('partitions', 'drop', '--before', '2019-03')).toMatchObject({
      code: 0,
      stdout: '2019-01\n2019-02\n',
    });
    expect((await herald('partitions', 'list')).stdout).toMatch(/^2019-03\t/);
    expect(await herald('partitions', 'drop')).toMatchObject({ code: 2 });
    expect(await herald('partitions', 'drop', '--before', '2019-13')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--before must be a month'),
    });
  });
});

describe('reports reader', () => {
  it('lets the role of reports log in, and needs a password for it', async () => {
    expect(await herald('reports', 'reader')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('REPORTING_PASSWORD is not set'),
    });
    env = { ...env, REPORTING_PASSWORD: 'a password of a test' };
    expect(await values('reports', 'reader')).toEqual(['herald_reporting']);
    expect(
      await rooms
        .get(Database)
        .query({ name: '', sql: `SELECT rolcanlogin FROM pg_roles WHERE rolname = 'herald_reporting'` }, []),
    ).toEqual([{ rolcanlogin: true }]);
  });
});
