import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import { quantiles } from './figures.mjs';

/**
 * Sends `count` requests over `connections` connections, each as soon as the one before is answered. `requestOf(n)` gives
 * `{path, headers, body}`. Throws at the first answer that is not a success.
 * @returns seconds, and p50, p95, p99 of the answers in ms
 */
export async function closedLoop(url, { count, connections, requestOf }) {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const latencies = [];
  let next = 0;
  const startedAt = performance.now();
  const client = async () => {
    while (next < count) {
      const { path, headers, body } = requestOf(next++);
      const sentAt = performance.now();
      await post(pool, path, headers, body);
      latencies.push(performance.now() - sentAt);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, client));
    return { seconds: (performance.now() - startedAt) / 1_000, ...quantiles(latencies) };
  } finally {
    await pool.close();
  }
}

/**
 * Sends requests at a fixed rate, whether the ones before are answered or not, for so many seconds: what waits shows as latency.
 * @returns p50, p95, p99 of the time from when a request was due to its answer, ms
 */
export async function openLoop(url, { perSecond, seconds, connections, requestOf }) {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const latencies = [];
  const count = Math.round(perSecond * seconds);
  const startedAt = performance.now();
  const underWay = new Set();
  try {
    for (let n = 0; n < count;) {
      const due = startedAt + (n * 1_000) / perSecond;
      if (performance.now() < due) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      const { path, headers, body } = requestOf(n++);
      const sent = post(pool, path, headers, body).then(() => {
        latencies.push(performance.now() - due);
        underWay.delete(sent);
      });
      underWay.add(sent);
      // A failure is told at the end, not as a rejection that nobody handles.
      sent.catch(() => undefined);
    }
    await Promise.all(underWay);
    return quantiles(latencies);
  } finally {
    await pool.close();
  }
}

async function post(pool, path, headers, body) {
  const answer = await pool.request({ method: 'POST', path, headers, body });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text.slice(0, 500)}`);
}
