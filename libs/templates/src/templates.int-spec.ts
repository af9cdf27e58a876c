import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type GraphTemplate,
  type GraphTemplates,
  type OtherItem,
  readFixture,
  splitNotification,
  type TemplateResult,
} from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import type { SenderDirectory } from '#senders';
import { A_SENDER, aSender, createTestDatabase, type TestDatabase } from '#testing';
import { CheckTemplateService } from './check-template.service.js';
import { learnTemplates } from './learn-templates.js';
import { ALL } from './manage-templates.service.js';
import { SyncTemplatesService } from './sync-templates.service.js';
import { TemplateDirectory } from './template-directory.js';

const WABA = A_SENDER.wabaId;
const aTemplate = (overrides: Partial<GraphTemplate> = {}): GraphTemplate => ({
  id: '400000000000001',
  name: 'order_shipped',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  parameterFormat: 'POSITIONAL',
  components: [{ type: 'BODY', text: 'Hello {{1}}' }],
  quality: 'GREEN',
  rejectedReason: null,
  ttlSeconds: null,
  ...overrides,
});

let testDatabase: TestDatabase;
let database: Database;
/** What Meta has, or says; and for which names it was asked. */
let atMeta: TemplateResult<GraphTemplate[]>;
let asked: (string | null)[];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
  await aSender(database);
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  atMeta = { kind: 'done', value: [aTemplate()] };
  asked = [];
  await database.query({ name: '', sql: 'TRUNCATE template, template_sync, account_fact' }, []);
});

/** One process. */
function setup() {
  const graph = {
    list: (_waba: string, _token: string, name?: string) => {
      asked.push(name ?? null);
      if (atMeta.kind !== 'done' || name === undefined) return Promise.resolve(atMeta);
      return Promise.resolve({ kind: 'done', value: atMeta.value.filter((template) => template.name === name) });
    },
  } as unknown as GraphTemplates;
  const senders = {
    find: () => Promise.resolve(A_SENDER),
    accessTokenOfWaba: () => Promise.resolve('EAAtoken'),
  } as unknown as SenderDirectory;
  const directory = new TemplateDirectory(database);
  const sync = new SyncTemplatesService(database, graph, senders, directory, Logger.create('silent'));
  const checks = new CheckTemplateService(senders, directory, sync);
  const check = (texts = ['Sam'], name = 'order_shipped', api: 'messages' | 'marketing_messages' = 'messages') => {
    const parameters = texts.map((text) => ({ type: 'text', text }));
    const template = { name, language: { code: 'en_US' }, components: [{ type: 'body', parameters }] };
    const send = {
      phoneNumberId: A_SENDER.phoneNumberId,
      api,
      message: { type: 'template', template },
      field: 'message',
    };
    return checks
      .check(send)
      .catch(({ code, errors }: { code: string; errors: { message: string }[] }) => [code, errors[0]?.message]);
  };
  const stored = () => directory.list({ ...ALL, wabaIds: [WABA] });
  return { sync, check, stored, directory };
}
/** Hears a webhook, at a time of its own or now. */
const hear = async (file: string, at: Date | null = null) => {
  const item = splitNotification(readFixture('webhooks', file))[0] as OtherItem;
  const time = at === null ? null : Math.floor(at.getTime() / 1_000);
  await database.transaction((tx) => learnTemplates(tx, [{ item: { ...item, time }, receivedAt: new Date() }]));
};

describe('the templates of an account', () => {
  it('are stored as Meta has them, and again after every change', async () => {
    const { sync, stored } = setup();
    atMeta = {
      kind: 'done',
      value: [aTemplate(), aTemplate({ language: 'de', id: '2' }), aTemplate({ name: 'other', id: '3' })],
    };
    expect(await sync.syncAll(WABA)).toBe(3);
    atMeta = {
      kind: 'done',
      value: [aTemplate({ status: 'PAUSED', quality: 'RED', ttlSeconds: 90 }), aTemplate({ name: 'other', id: '3' })],
    };
    expect(await sync.syncAll(WABA)).toBe(2);
    expect(await stored()).toMatchObject([
      {
        name: 'order_shipped',
        language: 'en_US',
        status: 'PAUSED',
        quality: 'RED',
        ttlSeconds: 90,
        components: aTemplate().components,
      },
      { name: 'other' },
    ]);
  });

  it('stay as they are while Meta cannot be heard', async () => {
    const { sync, stored } = setup();
    await sync.syncAll(WABA);
    atMeta = { kind: 'retry', reason: 'ECONNREFUSED' };
    expect(await sync.syncAll(WABA)).toBeNull();
    expect(await stored()).toMatchObject([{ name: 'order_shipped', status: 'APPROVED' }]);
    expect(await database.prisma.templateSync.findMany()).toMatchObject([
      { failure: 'not_read', syncedAt: expect.any(Date) },
    ]);
  });

  it('are read when it is time, by one process', async () => {
    const processes = [setup(), setup(), setup()];
    await Promise.all(processes.map(({ sync }) => sync.syncDue(60_000)));
    expect(asked).toEqual([null]);
    await processes[0]?.sync.syncDue(0);
    expect(asked).toEqual([null]);
    await database.query({ name: '', sql: `UPDATE template_sync SET tried_at = now() - interval '61 s'` }, []);
    await processes[0]?.sync.syncDue(60_000);
    expect(asked).toEqual([null, null]);
  });

  it('follow webhooks, in any order', async () => {
    const { sync, stored } = setup();
    const at = (seconds: number) => new Date(Date.now() - 1_000_000 + seconds * 1_000);
    await sync.syncAll(WABA);
    await database.query({ name: '', sql: 'UPDATE account_fact SET known_at = $1, seen_at = $1' }, [at(0)]);
    await hear('template_status_paused.json', at(20));
    await hear('template_status_approved.json', at(10));
    await hear('template_quality.json', at(10));
    await hear('template_category_done.json', at(30));
    expect(await stored()).toMatchObject([{ status: 'PAUSED', quality: 'YELLOW', category: 'MARKETING' }]);
    await hear('template_status_approved.json', at(40));
    expect(await stored()).toMatchObject([{ status: 'APPROVED', category: 'UTILITY' }]);
  });

  it('of which a webhook told first are read next', async () => {
    const { sync, stored } = setup();
    await hear('template_status_approved.json');
    expect(await stored()).toMatchObject([{ status: 'APPROVED', components: null, syncedAt: null }]);
    await sync.syncDue(0);
    expect(asked).toEqual(['order_shipped']);
    await hear('template_components.json');
    expect(await stored()).toMatchObject([{ components: null }]);
    await sync.syncDue(0);
    expect(await stored()).toMatchObject([{ components: aTemplate().components }]);
  });

  it('of other accounts are not kept', async () => {
    await database.query({ name: '', sql: 'TRUNCATE sender, waba CASCADE' }, []);
    await hear('template_status_approved.json');
    expect(await database.prisma.template.count()).toBe(0);
    await aSender(database);
  });
});

describe('a send', () => {
  it('of a template that nobody has read yet is checked after one read', async () => {
    const { check } = setup();
    expect(await check()).toBe('utility');
    expect(await check([])).toEqual([
      'template_parameter_count',
      'message.template.components[0].parameters must be as many as the body has: 1 ({{1}}); there are 0: {{1}} is missing',
    ]);
    expect(await check(['Sam'], 'nothing')).toEqual([
      'template_not_found',
      'message.template.name must be a template of this account: it has no nothing in en_US',
    ]);
    // Each name was asked for once, however often it is sent.
    await check(['Sam'], 'nothing');
    expect(asked).toEqual(['order_shipped', 'nothing']);
  });

  it('that does not fit what is stored is checked against what Meta has now', async () => {
    const { sync, check } = setup();
    await sync.syncAll(WABA);
    atMeta = { kind: 'done', value: [aTemplate({ components: [{ type: 'BODY', text: '{{1}} {{2}}' }] })] };
    expect(await check(['a', 'b'])).toBe('utility');
    expect(asked).toEqual([null, 'order_shipped']);
  });

  it.each([
    ['PAUSED', 'template_paused'],
    ['DISABLED', 'template_disabled'],
    ['PENDING', 'template_not_approved'],
    ['REJECTED', 'template_not_approved'],
  ])('of a template that is %s is refused', async (status, code) => {
    atMeta = { kind: 'done', value: [aTemplate({ status })] };
    expect(await setup().check()).toEqual([
      code,
      `message.template.name must be an approved template: order_shipped in en_US is ${status}`,
    ]);
  });

  it('through the Marketing Messages API needs a marketing template', async () => {
    expect(await setup().check(['Sam'], 'order_shipped', 'marketing_messages')).toEqual([
      'template_not_marketing',
      'message.template.name must be a marketing template for marketing_messages: order_shipped is UTILITY',
    ]);
    atMeta = { kind: 'done', value: [aTemplate({ category: 'MARKETING' })] };
    expect(await setup().check(['Sam'], 'order_shipped', 'marketing_messages')).toBe('marketing');
  });

  it('while Meta cannot be heard is checked against what is stored, and its age is said', async () => {
    const { sync, check, directory } = setup();
    await sync.syncAll(WABA);
    await database.query({ name: '', sql: `UPDATE template SET synced_at = now() - interval '3 hours'` }, []);
    directory.forget();
    atMeta = { kind: 'retry', reason: 'ECONNREFUSED' };
    expect(await check()).toBe('utility');
    expect(await check([])).toEqual([
      'template_parameter_count',
      expect.stringMatching(/is missing, as Meta had it 3 h ago; it cannot be asked now$/),
    ]);
    expect(await check([], 'nothing')).toBeNull();
  });

  it('waits no longer than three seconds for Meta', async () => {
    const { check } = setup();
    const slow = new Promise<never>(() => undefined);
    atMeta = slow as never;
    const startedAt = performance.now();
    expect(await check([])).toBeNull();
    expect(performance.now() - startedAt).toBeGreaterThan(2_900);
  });
});
