import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { type ApiApp, aSend, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => (api = await startApi()), 60_000);
afterAll(() => api.close());

type Result = { index: number; id?: string; message?: object; duplicate?: true; error?: { code: string } };
const bulk = (key: string, messages: unknown, idempotencyKey?: string) =>
  api.call('POST', '/v1/messages/bulk', {
    key,
    body: { messages },
    headers: idempotencyKey ? { 'idempotency-key': idempotencyKey } : {},
  });
const count = (clientId: string) => api.app.get(Database).prisma.message.count({ where: { clientId } });
const results = (body: Record<string, unknown>) => body.results as Result[];

describe('a bulk request', () => {
  it('gives each item its own result, and commits what is in order', async () => {
    const { key, clientId } = await api.aKey();
    const { status, body } = await bulk(key, [
      aSend({ clientReference: 'a' }),
      aSend({ message: { type: 'text', text: { body: '' } } }),
      aSend({ clientReference: 'a' }),
      aSend({ from: '800000000000999' }),
      'a text',
      aSend({ sendAt: '2999-01-01T00:00:00Z' }),
      aSend({ to: { groupId: 'g1' } }),
    ]);
    expect([status, body.accepted, body.duplicates, body.refused]).toEqual([202, 2, 1, 4]);
    const [first, ...others] = results(body);
    expect(first).toMatchObject({ index: 0, message: { id: first?.id, state: 'queued', clientReference: 'a' } });
    expect(others).toMatchObject([
      { index: 1, error: { code: 'validation_failed', status: 422, errors: [{ field: 'message.text.body' }] } },
      { index: 2, duplicate: true, id: first?.id },
      { index: 3, error: { code: 'unknown_sender' } },
      { index: 4, error: { code: 'body_not_object' } },
      { index: 5, error: { code: 'invalid_schedule', errors: [{ field: 'sendAt' }] } },
      { index: 6, message: { to: { groupId: 'g1' }, country: null } },
    ]);
    expect(await count(clientId)).toBe(2);
  });

  it('refuses what cannot be stored item by item, too; what is too deep refuses all', async () => {
    const { key, clientId } = await api.aKey();
    const say = (body: string, more: object = {}) => aSend({ message: { type: 'text', text: { body, ...more } } });
    // Cut in the middle of an emoji, as slice does.
    const items = [
      say('😀'.slice(0, 1)),
      say('ok', { constructor: 1 }),
      say('a\u0000'),
      say('ok', { n: 2 ** 60 }),
      '\u0000',
    ];
    const { status, body } = await bulk(key, items, 'flawed');
    expect([status, body.accepted, body.refused]).toEqual([202, 1, 4]);
    const said = { code: 'invalid_text', errors: [{ field: 'message.text.body' }] };
    expect(results(body)).toMatchObject([
      { index: 0, error: said },
      { index: 1, id: expect.any(String) },
      { index: 2, error: said },
      { index: 3, error: { code: 'number_out_of_range', errors: [{ field: 'message.text.n' }] } },
      { index: 4, error: { code: 'invalid_text' } },
    ]);
    expect((await bulk(key, items, 'flawed')).headers['idempotent-replayed']).toBe('true');
    expect(await count(clientId)).toBe(1);
    const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], 0);
    expect(await bulk(key, [say('\u0000'), say('ok', { deep })])).toMatchObject({
      status: 400,
      body: { code: 'body_too_deep' },
    });
    expect(
      (await api.call('POST', '/v1/messages/bulk', { key, body: { messages: [say('ok')], 'a\u0000': 1 } })).status,
    ).toBe(422);
  });

  it('lets other requests have their turn between items that take long', async () => {
    const { key } = await api.aKey();
    // About 50 ms of Markdown.
    const slow = aSend({ message: { type: 'text', text: { markdown: '_a_b'.repeat(2_000) } } });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await bulk(
      key,
      Array.from({ length: 40 }, () => slow),
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(25);
  });

  it('names the message of a reference that was used before, by a single send, too', async () => {
    const { key, clientId } = await api.aKey();
    const single = await api.call('POST', '/v1/messages', { key, body: aSend({ clientReference: 'once' }) });
    const { body } = await bulk(key, [aSend({ clientReference: 'once' }), aSend({ clientReference: 'new' })]);
    expect(results(body)).toMatchObject([
      { duplicate: true, id: single.body.id },
      { index: 1, id: expect.any(String) },
    ]);
    const again = await api.call('POST', '/v1/messages', { key, body: aSend({ clientReference: 'new' }) });
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'client_reference_used', messageId: results(body)[1]?.id },
    });
    expect(await count(clientId)).toBe(2);
  });

  it('with an Idempotency-Key is one set of messages, however often it comes', async () => {
    const { key, clientId } = await api.aKey();
    const messages = [
      aSend({ clientReference: 'x' }),
      aSend(),
      aSend({ to: 'nobody' }),
      aSend({ clientReference: 'x' }),
    ];
    const answers = await Promise.all([1, 2, 3].map(() => bulk(key, messages, 'one')));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(2);
    expect(await count(clientId)).toBe(2);
    expect(await bulk(key, [aSend()], 'one')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('of which nothing can be taken keeps no key', async () => {
    const { key } = await api.aKey();
    expect((await bulk(key, [aSend({ to: 'nobody' })], 'two')).body).toMatchObject({ accepted: 0, refused: 1 });
    expect((await bulk(key, [aSend()], 'two')).body).toMatchObject({ accepted: 1 });
  });

  it.each([
    ['none', []],
    ['1,001', Array.from({ length: 1_001 }, () => ({}))],
    ['no list', { 0: {} }],
  ])('with %s is refused as a whole', async (_count, messages) => {
    const { key } = await api.aKey();
    const { status, body } = await bulk(key, messages);
    expect(status).toBe(422);
    expect(body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ field: 'messages' })]));
  });

  it('takes 1,000 messages and more than 1 MiB, in one statement', async () => {
    const { key, clientId } = await api.aKey();
    const text = { type: 'text', text: { body: 'x'.repeat(2_000) } };
    const { body } = await bulk(
      key,
      Array.from({ length: 1_000 }, (_, i) => aSend({ message: text, clientReference: `r${i}` })),
    );
    expect(body).toMatchObject({ accepted: 1_000, refused: 0 });
    const rows = await api.app
      .get(Database)
      .prisma.message.groupBy({ by: ['createdAt'], where: { clientId }, _count: true });
    expect(rows).toMatchObject([{ _count: 1_000 }]);
  });
});
