/**
 * Floor of accepting: what a careful developer would write by hand with the same libraries. A request is parsed, one row is
 * committed, one job is added, then 202. No key, no checks, no idempotency. It owns its table: `DATABASE_URL`, `REDIS_URL`, `PORT`.
 */
import { Queue } from 'bullmq';
import Fastify from 'fastify';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { redisOptions } from './redis-options.mjs';

const { DATABASE_URL, REDIS_URL, PORT } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query(`CREATE TABLE IF NOT EXISTS floor_message (
  id uuid PRIMARY KEY, recipient text NOT NULL, content jsonb NOT NULL, state text NOT NULL DEFAULT 'queued', wamid text,
  created_at timestamptz NOT NULL DEFAULT now())`);
const queue = new Queue('floor', { connection: redisOptions(REDIS_URL) });

const app = Fastify();
app.get('/health/ready', () => ({ status: 'ok' }));
app.post('/messages', async (request, reply) => {
  const id = uuidv7();
  await pool.query({
    name: 'accept',
    text: 'INSERT INTO floor_message (id, recipient, content) VALUES ($1, $2, $3)',
    values: [id, request.body.to, JSON.stringify(request.body.message)],
  });
  await queue.add('send', { id }, { removeOnComplete: true, removeOnFail: true });
  return reply.status(202).send({ id, state: 'queued' });
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
