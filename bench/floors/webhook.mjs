/**
 * Floor of webhooks: the raw body is checked against its signature and stored, then 200. Nothing is split, merged or applied.
 * `DATABASE_URL`, `META_APP_SECRET`, `PORT`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

const { DATABASE_URL, META_APP_SECRET, PORT } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query(`CREATE TABLE IF NOT EXISTS floor_inbox (
  id uuid PRIMARY KEY, raw bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now())`);

const app = Fastify({ bodyLimit: 4 * 1024 * 1024 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
app.get('/health/ready', () => ({ status: 'ok' }));
app.post('/webhooks/whatsapp', async (request, reply) => {
  const expected = Buffer.from(`sha256=${createHmac('sha256', META_APP_SECRET).update(request.body).digest('hex')}`);
  const given = Buffer.from(String(request.headers['x-hub-signature-256']));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.status(401).send();
  await pool.query({
    name: 'store',
    text: 'INSERT INTO floor_inbox (id, raw) VALUES ($1, $2)',
    values: [uuidv7(), request.body],
  });
  return reply.status(200).send();
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
