import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, mostInASecond, percentile, seconds } from './figures.mjs';
import { SENDER, startStack } from './stack.mjs';

const OFFERED_PER_SECOND = 90;
const TICK_MS = 100;
const INBOUND_PER_SECOND = 2;
const HOT = Array.from({ length: 5 }, (_, i) => `+15550100${990 + i}`);
const OTHERS = Array.from({ length: 889 }, (_, i) => `+15550100${101 + i}`);
const LEAST_PER_SECOND = 66;

/**
 * 90 messages a second for a while on one sender, a fifth of them to five recipients, customers writing meanwhile; and the same
 * load with that fifth going to recipients of its own. Meta's limits are enforced: 80 in any second in and out, 45 and one each
 * 6 s to a recipient.
 */
export async function hotPairs(backend, { durationS }) {
  const hot = await run(backend, durationS, true);
  const even = await run(backend, durationS, false);
  for (const [name, { sentPerSecond, most, codes, others }] of Object.entries({ 'with hot pairs': hot, without: even }))
    console.log(
      `  ${name.padEnd(15)} ${sentPerSecond.toFixed(1)} sent/s, at most ${most} in a second; 130429: ${codes[130429] ?? 0}, 131056: ${codes[131056] ?? 0}; ` +
        `others wait p50 ${seconds(percentile(others, 0.5))}, p99 ${seconds(percentile(others, 0.99))}`,
    );
  const [p99, p99Without] = [hot, even].map(({ others }) => percentile(others, 0.99));
  return [
    [`at least ${LEAST_PER_SECOND} sent a second`, hot.sentPerSecond >= LEAST_PER_SECOND],
    ['0 × 130429', !hot.codes[130429] && !even.codes[130429]],
    ['0 × 131056', !hot.codes[131056] && !even.codes[131056]],
    ['hot pairs do not slow other recipients (p99)', p99 <= p99Without + 500],
  ];
}

async function run(backend, durationS, hasHotPairs) {
  const stack = await startStack(backend);
  try {
    const startedAt = Date.now();
    const accepted = await offer(stack, durationS, hasHotPairs);
    const endedAt = Date.now();
    const other = new Set(accepted.filter(({ isOther }) => isOther).map(({ id }) => id));
    const sends = await untilSent(stack, other);
    const taken = sends.filter(({ outcome }) => outcome === 'accepted');
    const moments = taken.map(({ at }) => Date.parse(at));
    const createdAt = new Map(
      (await stack.query('SELECT id, created_at FROM message')).map((row) => [row.id, +row.created_at]),
    );
    for (const line of stack.warnings().slice(0, 5)) console.log(`  ! ${line}`);
    return {
      sentPerSecond: moments.filter((at) => at <= endedAt).length / ((endedAt - startedAt) / 1_000),
      most: mostInASecond(moments),
      codes: Object.fromEntries([...Map.groupBy(sends, ({ code }) => code)].map(([code, all]) => [code, all.length])),
      others: taken
        .filter(({ attemptId }) => other.has(messageOf(attemptId)))
        .map(({ attemptId, at }) => Date.parse(at) - createdAt.get(messageOf(attemptId))),
    };
  } finally {
    await stack.stop();
  }
}

async function offer(stack, durationS, hasHotPairs) {
  const startedAt = Date.now();
  const answers = [];
  for (let n = 0; n < durationS * OFFERED_PER_SECOND; n += 1) {
    const dueAt = startedAt + Math.floor((n * 1_000) / OFFERED_PER_SECOND / TICK_MS) * TICK_MS;
    if (dueAt > Date.now()) await sleep(dueAt - Date.now());
    const isHot = hasHotPairs && n % 5 === 0;
    const to = isHot ? HOT[(n / 5) % HOT.length] : OTHERS[n % OTHERS.length];
    const message = { from: SENDER, to, message: { type: 'text', text: { body: 'Your table is ready' } } };
    answers.push(stack.post('/v1/messages', message).then(({ id }) => ({ id, isOther: !isHot })));
    if (n % (OFFERED_PER_SECOND / INBOUND_PER_SECOND) === 0)
      answers.push(stack.control('/inbound', { from: `1555010${7000 + (n % 900)}` }).then(() => ({})));
  }
  return (await Promise.all(answers)).filter(({ id }) => id !== undefined);
}

async function untilSent(stack, ids) {
  for (const giveUpAt = Date.now() + 180_000; ; await sleep(1_000)) {
    const sends = await stack.sends();
    const sent = new Set(
      sends.filter(({ outcome }) => outcome === 'accepted').map(({ attemptId }) => messageOf(attemptId)),
    );
    if (ids.difference(sent).size === 0 || Date.now() > giveUpAt) return sends;
  }
}
