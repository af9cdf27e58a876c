import Fastify from 'fastify';
import { describe, expect, it } from '@jest/globals';
import { addBodyParsers, BULK_BODY_LIMIT, JSON_BODY_LIMIT, RAW_BODY_LIMIT } from './body-parsers.js';

/** A server that answers what kind of body it was given, and how long it is. */
function setup() {
  const server = Fastify({ bodyLimit: JSON_BODY_LIMIT });
  addBodyParsers(server);
  for (const url of ['/webhooks/whatsapp', '/v1/messages', '/v1/messages/bulk']) {
    server.post(url, ({ body }) => ({
      isRaw: Buffer.isBuffer(body),
      length: Buffer.isBuffer(body) ? body.length : JSON.stringify(body ?? null).length,
    }));
  }
  return async (url: string, payload: string | Buffer, type = 'application/json') => {
    const { statusCode, json } = await server.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': type },
    });
    return [statusCode, json<unknown>()];
  };
}

describe('a raw route', () => {
  it.each([
    ['JSON', '{"__proto__":1, "a":"\\u0000"}', 'application/json'],
    ['no JSON', '{"cut":', 'application/json'],
    ['JSON with a charset', '{}', 'application/json; charset=utf-8'],
    ['another type', 'a=b', 'application/x-www-form-urlencoded'],
    ['4 MiB', Buffer.alloc(RAW_BODY_LIMIT, 0x20), 'application/json'],
  ])('gets the bytes as they came: %s', async (_case, payload, type) => {
    expect(await setup()('/webhooks/whatsapp', payload, type)).toEqual([
      200,
      { isRaw: true, length: Buffer.byteLength(payload) },
    ]);
  });

  it('refuses one byte more than 4 MiB', async () => {
    expect((await setup()('/webhooks/whatsapp', Buffer.alloc(RAW_BODY_LIMIT + 1, 0x20)))[0]).toBe(413);
  });
});

describe('any other route', () => {
  const ofLength = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;

  it('gets JSON up to 1 MiB', async () => {
    const post = setup();
    expect(await post('/v1/messages', ofLength(JSON_BODY_LIMIT))).toEqual([
      200,
      { isRaw: false, length: JSON_BODY_LIMIT },
    ]);
    expect((await post('/v1/messages', ofLength(JSON_BODY_LIMIT + 1)))[0]).toBe(413);
  });

  it('gets JSON up to 16 MiB where many messages come at once', async () => {
    const post = setup();
    expect((await post('/v1/messages/bulk', ofLength(BULK_BODY_LIMIT)))[0]).toBe(200);
    expect((await post('/v1/messages/bulk', ofLength(BULK_BODY_LIMIT + 1)))[0]).toBe(413);
  });

  it('may have no body at all', async () => {
    expect(await setup()('/v1/messages', '')).toEqual([200, { isRaw: false, length: 4 }]);
  });
});
