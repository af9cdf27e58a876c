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

beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(join(tmpdir(), 'herald-cli-'));
  env = { DATABASE_URL: database.url, HERALD_HOME: home, HERALD_ENCRYPTION_KEYS: ENCRYPTION_KEYS };
  rooms = await openRooms();
});
afterAll(async () => {
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

describe('sender', () => {
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
    expect(await values('message', 'redrive', id, '--because', 'a test')).toEqual(['1']);
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
    expect(await runCli(['sender', 'add', ...args], { HERALD_HOME: folder })).toMatchObject({ code: 0, stderr: '' });
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
