import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { aSend, ADMIN_KEY, type ApiApp, SENDER, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => {
  api = await startApi();
  await api.call('POST', '/v1/senders', {
    body: { phoneNumberId: '800000000000002', wabaId: '900000000000002', accessToken: 'EAAG-another' },
  });
}, 60_000);
afterAll(() => api.close());

const today = new Date().toISOString().slice(0, 10);
const report = (path: string, key?: string) => api.call('GET', `/v1/reports/${path}`, key === undefined ? {} : { key });
const csv = async (path: string) =>
  (await api.app.inject({ url: `/v1/reports/${path}`, headers: { authorization: `Bearer ${ADMIN_KEY}` } })) as {
    payload: string;
    headers: Record<string, unknown>;
  };

interface Operation {
  parameters?: { name: string; schema?: { example?: string } }[];
}

describe('the reports', () => {
  it('show a message the moment it is taken, whoever counts', async () => {
    const { key } = await api.aKey();
    for (const from of [SENDER, SENDER, '800000000000002'])
      expect(await api.call('POST', '/v1/messages', { key, body: aSend({ from, tags: ['=1+1'] }) })).toMatchObject({
        status: 202,
      });
    const rows = [
      { sender: SENDER, messages: 2, waiting: 2, accepted: 0, readRate: null },
      { sender: '800000000000002', messages: 1, waiting: 1 },
    ];
    expect((await report(`delivery?from=${today}&to=${today}&groupBy=sender`)).body).toMatchObject({ rows });
    expect((await report('queue')).body).toMatchObject({ rows: [{ sender: SENDER, waiting: 2 }, { waiting: 1 }] });
  });

  it('are, by their examples, what the description says', async () => {
    const { body } = await api.call('GET', '/docs-json', { key: null });
    const paths = Object.entries(body.paths as Record<string, { get?: Operation }>).filter(([path]) =>
      path.startsWith('/v1/reports/'),
    );
    expect(paths).toHaveLength(9);
    for (const [path, { get }] of paths) {
      const query = (get?.parameters ?? []).flatMap(({ name, schema }) =>
        schema?.example === undefined ? [] : [[name, schema.example] as [string, string]],
      );
      if (!/limits$|queue/.test(path))
        expect([path, query.map(([name]) => name)]).toEqual([
          path,
          ['from', 'to', ...(/reconciliation|limits-history/.test(path) ? [] : ['groupBy'])],
        ]);
      const answer = await api.call('GET', `${path}?${new URLSearchParams(query).toString()}`);
      expect([path, query, answer]).toEqual([
        path,
        query,
        expect.objectContaining({ status: 200, body: expect.objectContaining({ rows: expect.any(Array) }) }),
      ]);
      const table = await csv(
        `${path.replace('/v1/reports/', '')}?${new URLSearchParams([...query, ['format', 'csv']]).toString()}`,
      );
      expect([path, table.headers['content-type']]).toEqual([path, 'text/csv; charset=utf-8']);
    }
  });

  it('come as CSV in which no cell is a formula', async () => {
    const { payload } = await csv(`delivery?from=${today}&to=${today}&groupBy=tag,sender&format=csv`);
    expect(payload).toBe(
      'sender,tag,messages,waiting,accepted,sent,delivered,read,failed,expired,cancelled,unknown,delivered_rate,read_rate\r\n' +
        `${SENDER},'=1+1,2,2,0,0,0,0,0,0,0,0,,\r\n800000000000002,'=1+1,1,1,0,0,0,0,0,0,0,0,,\r\n`,
    );
  });

  it('tell of a sender only to who may see it, and nothing to who may not report', async () => {
    const { key } = await api.aKey({ scopes: ['reports:read'], senders: ['800000000000002'] });
    expect((await report(`delivery?from=${today}&to=${today}&groupBy=sender`, key)).body).toMatchObject({
      rows: [{ sender: '800000000000002', messages: 1 }],
    });
    expect((await report('queue', key)).body.rows).toMatchObject([{ sender: '800000000000002' }]);
    expect((await report('limits', key)).body.rows).toMatchObject([{ sender: '800000000000002' }]);
    const { key: other } = await api.aKey();
    for (const path of ['delivery', 'failures', 'latency', 'windows', 'limits', 'limits-history', 'queue'])
      expect([path, (await report(path, other)).status]).toEqual([path, 403]);
  });

  it.each([
    ['delivery?from=2025-01-01&to=2026-11-01', 'report_range_invalid', 'to', /at most 366 days/],
    ['delivery?from=2026-10-01&to=2026-11-01&groupBy=tag', 'report_range_invalid', 'to', /at most 31 days .* day 32/],
    ['pricing?from=2026-10-01&to=2026-11-01&groupBy=tag', 'report_range_invalid', 'to', /at most 31 days/],
    ['windows?from=2026-10-01&to=2026-11-01', 'report_range_invalid', 'to', /at most 31 days/],
    ['latency?from=2026-11-02&to=2026-11-01', 'report_range_invalid', 'to', /must not be before/],
    ['failures?from=2026-11-31&to=2026-12-01', 'report_range_invalid', 'from', /must be a day/],
    ['failures?from=2026-11-01&to=2026-11-02&groupBy=market', 'validation_failed', 'groupBy', /groupBy/],
    ['delivery?from=0000-01-01&to=0000-01-31', 'report_range_invalid', 'from', /must be a day/],
    ['limits-history?from=2025-01-01&to=2026-11-01', 'report_range_invalid', 'to', /at most 366 days/],
    ['latency?to=2026-11-02', 'validation_failed', 'from', /from/],
    ['queue?format=xml', 'validation_failed', 'format', /format/],
  ])('%s is refused by name', async (path, code, field, message) =>
    expect(await report(path)).toMatchObject({
      status: 422,
      body: {
        code,
        errors: expect.arrayContaining([expect.objectContaining({ field, message: expect.stringMatching(message) })]),
      },
    }),
  );

  it('leave nothing of what was said, and nobody’s number, in any answer', async () => {
    const [row] = await api.app
      .get(Database)
      .query<{ recipient: string }>({ name: '', sql: 'SELECT recipient FROM message LIMIT 1' }, []);
    for (const path of ['delivery', 'failures', 'latency', 'windows', 'limits', 'limits-history', 'queue']) {
      const { payload } = await csv(`${path}?from=${today}&to=${today}`);
      expect(payload).not.toContain(row?.recipient);
      expect(payload).not.toContain('Your table');
    }
  });
});
