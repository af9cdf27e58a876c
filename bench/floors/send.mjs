/**
 * Floor of sending: a BullMQ worker that, for each job, reads the row, posts to Graph and updates the row. No attempt, no lease, no
 * pace; an answer that is lost is a message that is sent twice. `DATABASE_URL`, `REDIS_URL`, `GRAPH_API_BASE_URL`, `PORT`.
 */
import { createServer } from 'node:http';
import { Worker } from 'bullmq';
import pg from 'pg';
import { Agent, request } from 'undici';
import { redisOptions } from './redis-options.mjs';

const CONCURRENCY = 64;
const { DATABASE_URL, REDIS_URL, GRAPH_API_BASE_URL, PORT } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const dispatcher = new Agent({ connections: CONCURRENCY, pipelining: 1 });

const worker = new Worker(
  'floor',
  async ({ data: { id } }) => {
    const { rows } = await pool.query({
      name: 'read',
      text: 'SELECT recipient, content FROM floor_message WHERE id = $1',
      values: [id],
    });
    const [{ recipient, content }] = rows;
    const { body } = await request(`${GRAPH_API_BASE_URL}/v25.0/800000000000001/messages`, {
      method: 'POST',
      dispatcher,
      headers: { authorization: 'Bearer EAAbench', 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: recipient, ...content }),
    });
    const answer = await body.json();
    await pool.query({
      name: 'settle',
      text: `UPDATE floor_message SET state = 'accepted', wamid = $2 WHERE id = $1`,
      values: [id, answer.messages[0].id],
    });
  },
  { connection: redisOptions(REDIS_URL), concurrency: CONCURRENCY, removeOnComplete: { count: 0 } },
);
worker.on('error', (error) => console.error(error.message));
createServer((_request, response) => response.end('ok')).listen(Number(PORT), '127.0.0.1');
