import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { ERROR_CATALOG } from '../src/domain/error-catalog.js';
import { SCENARIOS } from '../src/domain/recipient-scenarios.js';
import type { SendOutcome } from '../src/request-log.js';
import type { ReceivedMessage } from './webhook-receiver.js';
import { PHONE_NUMBER_ID, World, aTemplate, aText } from './world.js';
import type { SendAnswer } from './world.js';

const GIVE_UP_AFTER_MS = 1500;

/** What a client and a webhook see of a scenario, as the README says it. */
interface Expected {
  scenario: string;
  to: string;
  /** One a send: `200 id`, `200 no id`, HTTP status and Graph code, HTTP status and `page`, or how the connection ended. */
  answers: string[];
  outcomes: SendOutcome[];
  /** Of all accepted sends together, in the order they come. */
  statuses: string[];
  send?: (to: string) => object;
}

const USUAL = ['sent', 'delivered', 'read'];
const once = (scenario: string, to: string, answer: string, outcome: SendOutcome, statuses: string[]): Expected => ({
  scenario,
  to,
  answers: [answer],
  outcomes: [outcome],
  statuses,
});
const thenPlain = (scenario: string, to: string, answer: string, outcome: SendOutcome): Expected => ({
  scenario,
  to,
  answers: [answer, answer, '200 id'],
  outcomes: [outcome, outcome, 'accepted'],
  statuses: USUAL,
});
const template = (expected: Expected): Expected => ({ ...expected, send: aTemplate });

const EXPECTED: Expected[] = [
  once('plain', '+15550100101', '200 id', 'accepted', USUAL),
  once('slow_answer', '+15550110100', '200 id', 'accepted', USUAL),
  thenPlain('throttled_first', '+15550112200', '400 130429', 'refused'),
  thenPlain('http_429_first', '+15550113200', '429 page', 'dropped'),
  thenPlain('pair_limited_first', '+15550114200', '400 131056', 'refused'),
  thenPlain('unavailable_first', '+15550115200', '500 131016', 'refused'),
  thenPlain('closed_first', '+15550116200', 'closed', 'dropped'),
  thenPlain('token_refused_first', '+15550117200', '401 190', 'refused'),
  once('error', '+15550120310', '400 131026', 'refused', []),
  once('failed_status', '+15550130310', '200 id', 'accepted', ['failed']),
  once('sent_then_failed', '+15550140310', '200 id', 'accepted', ['sent', 'failed']),
  once('answer_lost', '+15550150000', 'closed', 'accepted', USUAL),
  once('closed', '+15550150100', 'closed', 'dropped', []),
  once('bad_gateway', '+15550150200', '502 page', 'dropped', []),
  once('bad_gateway_accepted', '+15550150300', '503 page', 'accepted', USUAL),
  once('garbage_answer', '+15550150400', '200 page', 'accepted', USUAL),
  once('answer_without_id', '+15550150500', '200 no id', 'accepted', USUAL),
  once('truncated_answer', '+15550150600', 'broken off', 'accepted', USUAL),
  once('redirect', '+15550150700', '302 page', 'dropped', []),
  once('answer_lost_no_statuses', '+15550150800', 'closed', 'accepted', []),
  once('silence', '+15550150900', 'silence', 'accepted', USUAL),
  once('silence_not_accepted', '+15550151000', 'silence', 'dropped', []),
  once('forbidden_page', '+15550151100', '403 page', 'dropped', []),
  once('garbage_answer_no_statuses', '+15550151200', '200 page', 'accepted', []),
  once('answer_lost_statuses_late', '+15550152100', 'closed', 'accepted', USUAL),
  template(once('held', '+15550153000', '200 held_for_quality_assessment', 'accepted', USUAL)),
  template(once('held_then_dropped', '+15550153100', '200 held_for_quality_assessment', 'accepted', ['failed'])),
  once('wa_id_differs', '+15550153200', '200 id', 'accepted', USUAL),
  template(once('template_paused_answer', '+15550153300', '200 paused', 'accepted', [])),
  once('error_but_accepted', '+15550153400', '500 131000', 'accepted', USUAL),
  once('duplicated', '+15550160000', '200 id', 'accepted', ['sent', 'delivered', 'read', 'sent', 'delivered', 'read']),
  once('out_of_order', '+15550160100', '200 id', 'accepted', ['read', 'delivered', 'sent']),
  once('no_statuses', '+15550160200', '200 id', 'accepted', []),
  once('no_delivered', '+15550160300', '200 id', 'accepted', ['sent', 'read']),
  once('never_read', '+15550160400', '200 id', 'accepted', ['sent', 'delivered']),
  once('no_sent', '+15550160500', '200 id', 'accepted', ['delivered', 'read']),
  once('only_sent', '+15550160600', '200 id', 'accepted', ['sent']),
  once('only_read', '+15550160700', '200 id', 'accepted', ['read']),
  once('status_before_answer', '+15550160800', '200 id', 'accepted', USUAL),
  once('all_before_answer', '+15550160900', '200 id', 'accepted', USUAL),
  once('late_statuses', '+15550161100', '200 id', 'accepted', USUAL),
  once('deleted', '+15550162000', '200 id', 'accepted', [...USUAL, 'deleted']),
  once('warning', '+15550162100', '200 id', 'accepted', ['sent', 'warning', 'delivered', 'read']),
  once('played', '+15550162200', '200 id', 'accepted', [...USUAL, 'played']),
  once('failed_after_delivered', '+15550162300', '200 id', 'accepted', ['sent', 'delivered', 'failed']),
  once('delivered_after_failed', '+15550162400', '200 id', 'accepted', ['failed', 'delivered']),
  once('unknown_status', '+15550162500', '200 id', 'accepted', ['sent', 'delivered', 'pondered', 'read']),
  once('no_callback_data', '+15550162600', '200 id', 'accepted', USUAL),
  once('undeliverable', '+15550162700', '200 id', 'accepted', ['failed']),
  once('replies_with_text', '+15550170000', '200 id', 'accepted', USUAL),
  once('replies_with_button', '+15550170100', '200 id', 'accepted', USUAL),
  once('replies_with_reaction', '+15550170200', '200 id', 'accepted', USUAL),
];

/** What was seen of one recipient's sends. */
interface Seen {
  answers: string[];
  bodies: SendAnswer[];
  /** How many statuses had been delivered when the last answer came. */
  statusesBeforeAnswer: number;
  tookMs: number;
}

describe('scenarios', () => {
  let world: World;
  const seen = new Map<string, Seen>();
  beforeAll(async () => {
    // One delivery after the other: what the receiver sees is the order in which statuses were due.
    world = await startUnlimited({ SIMULATOR_PARALLEL_DELIVERIES: '1' });
    await Promise.all(EXPECTED.map(async (row) => seen.set(row.scenario, await play(world, row))));
    await world.idle();
  }, 20_000);
  afterAll(() => world.close());

  it('are all tried here', () => {
    const tried = [...EXPECTED.map(({ scenario }) => scenario), 'very_slow_answer'];
    expect(tried.sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
  });

  it.each(EXPECTED)('$scenario: $to', async ({ scenario, to, answers, outcomes, statuses }) => {
    const log = await world.log(`?recipient=${encodeURIComponent(to)}`);
    expect(seen.get(scenario)?.answers).toEqual(answers);
    expect(log.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(log.map(({ scenario }) => scenario)).toEqual(outcomes.map(() => scenario));
    expect(log.map(({ attemptId }) => attemptId)).toEqual(outcomes.map((_, index) => attemptIdOf(to, index)));
    expect(log.flatMap(({ wamid }) => world.webhook.statusesOf(wamid ?? '').map(({ status }) => status))).toEqual(
      statuses,
    );
  });

  it('very_slow_answer: +15550111100', async () => {
    const slow = await startUnlimited();
    await expect(slow.send(aText('+15550111100'), 'messages', { timeoutMs: 1100 })).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_TIMEOUT',
    });
    expect(await slow.log()).toMatchObject([{ scenario: 'very_slow_answer', outcome: 'accepted' }]);
    expect(slow.webhook.items()).toEqual([]);
    await slow.close();
  });

  it('slow and late ones take their time, the others do not', () => {
    expect(seen.get('slow_answer')?.tookMs).toBeGreaterThanOrEqual(990);
    expect(seen.get('plain')?.tookMs).toBeLessThan(seen.get('slow_answer')?.tookMs ?? 0);
  });

  it('statuses come before the answer when they should', () => {
    expect(seen.get('status_before_answer')?.statusesBeforeAnswer).toBeGreaterThanOrEqual(1);
    expect(seen.get('all_before_answer')?.statusesBeforeAnswer).toBe(3);
  });

  it('statuses echo the attempt id, except where they should not', async () => {
    expect(await echoedFor('+15550100101')).toEqual(USUAL.map(() => attemptIdOf('+15550100101', 0)));
    expect(await echoedFor('+15550162600')).toEqual([undefined, undefined, undefined]);
  });

  it('the first of delivered and read says the price', async () => {
    const priced = (await statusesFor('+15550160300')).filter(({ pricing }) => pricing !== undefined);
    expect(priced.map(({ status }) => status)).toEqual(['sent', 'read']);
  });

  it('another wa_id is used everywhere', async () => {
    const [answer] = seen.get('wa_id_differs')?.bodies ?? [];
    expect(answer?.contacts).toEqual([{ input: '+15550153200', wa_id: '115550153200' }]);
    expect((await statusesFor('+15550153200'))[0]?.recipient_id).toBe('115550153200');
  });

  it.each([
    ['+15550170000', 'text'],
    ['+15550170100', 'button'],
    ['+15550170200', 'reaction'],
  ])('%s answers with a %s that names the message', async (to, type) => {
    const [entry] = await world.log(`?recipient=${encodeURIComponent(to)}`);
    const replies = messagesFrom(to.slice(1));
    expect(replies.map((reply) => reply.type)).toEqual([type]);
    expect(JSON.stringify(replies[0])).toContain(entry?.wamid);
  });

  it('nobody else writes', () => {
    expect(world.webhook.items().filter(({ message }) => message !== undefined)).toHaveLength(3);
  });

  async function statusesFor(to: string) {
    const log = await world.log(`?recipient=${encodeURIComponent(to)}`);
    return log.flatMap(({ wamid }) => world.webhook.statusesOf(wamid ?? ''));
  }

  async function echoedFor(to: string): Promise<(string | undefined)[]> {
    return (await statusesFor(to)).map((status) => status.biz_opaque_callback_data);
  }

  function messagesFrom(waId: string): ReceivedMessage[] {
    return world.webhook.items().flatMap(({ message }) => (message?.from === waId ? [message] : []));
  }
});

describe('every listed error', () => {
  let world: World;
  const answers = new Map<string, Awaited<ReturnType<World['send']>>>();
  beforeAll(async () => {
    world = await startUnlimited();
    const recipients = ERROR_CATALOG.flatMap(({ index }) => [12, 13, 14].map((block) => recipientOf(block, index)));
    await Promise.all(recipients.map(async (to) => answers.set(to, await world.send(aText(to)))));
    await world.idle();
  });
  afterAll(() => world.close());

  it.each(ERROR_CATALOG)('$code at index $index, at once and as a status', ({ index, code, httpStatus }) => {
    const refused = answers.get(recipientOf(12, index));
    expect([refused?.httpStatus, refused?.answer.error?.code]).toEqual([httpStatus, code]);
    expect(errorsFor(recipientOf(13, index))).toEqual([code]);
    expect(errorsFor(recipientOf(14, index))).toEqual([code]);
  });

  it('any other code can be assigned, to any number', async () => {
    await world.control('PUT', '/recipients/+15550100777', { scenario: 'error', parameter: 424242 });
    expect((await world.send(aText('+1 555 010 0777'))).answer.error?.code).toBe(424242);
    await world.control('DELETE', '/recipients/+15550100777');
    expect((await world.send(aText('+15550100777'))).httpStatus).toBe(200);
  });

  it('a scenario reaches its recipient by user id too', async () => {
    const body = {
      messaging_product: 'whatsapp',
      recipient: 'US.90000000015550120310',
      type: 'text',
      text: { body: 'Hi' },
    };
    expect((await world.send(body)).answer.error?.code).toBe(131026);
  });

  function errorsFor(to: string): (number | undefined)[] {
    const statuses = world.webhook.statusesOf(answers.get(to)?.answer.messages?.[0]?.id ?? '');
    return statuses.flatMap(({ status, errors }) => (status === 'failed' ? [errors?.[0]?.code] : []));
  }
});

function recipientOf(block: number, index: number): string {
  return `+15550${block}${String(index).padStart(3, '0')}0`;
}

function startUnlimited(environment = {}): Promise<World> {
  return World.start({
    SIMULATOR_THROUGHPUT_PER_SECOND: '0',
    SIMULATOR_PAIR_CAPACITY: '0',
    SIMULATOR_ENFORCE_WINDOW: 'false',
    ...environment,
  });
}

function attemptIdOf(to: string, index: number): string {
  return `a1.${to}.${index + 1}`;
}

/** Sends to one recipient as often as answers are expected, one after the other. */
async function play(world: World, { to, answers, send = aText }: Expected): Promise<Seen> {
  const seen: Seen = { answers: [], bodies: [], statusesBeforeAnswer: 0, tookMs: 0 };
  for (let index = 0; index < answers.length; index += 1) {
    const startedAt = Date.now();
    const body = { ...send(to), biz_opaque_callback_data: attemptIdOf(to, index) };
    const { summary, answer } = await sendAndSee(world, body);
    seen.answers.push(summary);
    seen.bodies.push(answer);
    seen.tookMs = Date.now() - startedAt;
    seen.statusesBeforeAnswer = world.webhook.statusesOf(answer.messages?.[0]?.id ?? '').length;
  }
  return seen;
}

async function sendAndSee(world: World, body: object): Promise<{ summary: string; answer: SendAnswer }> {
  const response = await request(`${world.url}/v25.0/${PHONE_NUMBER_ID}/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer any-token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
    headersTimeout: GIVE_UP_AFTER_MS,
  }).catch((error: Error & { code?: string }) => error);
  if (response instanceof Error) {
    return { summary: response.code === 'UND_ERR_HEADERS_TIMEOUT' ? 'silence' : 'closed', answer: {} };
  }
  const text = await response.body.text().catch(() => null);
  if (text === null) return { summary: 'broken off', answer: {} };
  try {
    const answer = JSON.parse(text) as SendAnswer;
    return { summary: `${response.statusCode} ${summaryOf(answer)}`, answer };
  } catch {
    return { summary: `${response.statusCode} page`, answer: {} };
  }
}

function summaryOf({ error, messages }: SendAnswer): string {
  if (error !== undefined) return String(error.code);
  const message = messages?.[0];
  if (message?.id === undefined) return 'no id';
  return message.message_status ?? 'id';
}
