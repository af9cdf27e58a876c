import { PLAIN } from './behaviour.js';
import type { Answer, Behaviour, StatusStep } from './behaviour.js';

/** One way of treating a recipient. */
export interface Scenario {
  /** How the control API calls it. */
  name: string;
  /** The recipients it applies to: `n` is the parameter, `x` any digit. */
  numbers: string;
  /** What `n` stands for; an error's `n` is its index in the error table. */
  parameter: 'seconds' | 'tens of seconds' | 'attempts' | 'error index' | null;
  /** One sentence for the README. */
  does: string;
  /** What is other than plain. For errors the parameter given here is the code, not the index. */
  changes: (parameter: number) => Partial<Behaviour>;
}

type Row = [
  numbers: string,
  name: string,
  parameter: Scenario['parameter'],
  does: string,
  changes: Scenario['changes'],
];

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const BAD_GATEWAY: Answer = {
  kind: 'raw',
  httpStatus: 502,
  headers: HTML,
  body: '<html><h1>502 Bad Gateway</h1></html>',
};
const UNAVAILABLE: Answer = { kind: 'raw', httpStatus: 503, headers: HTML, body: 'upstream connect error' };
const FORBIDDEN: Answer = { kind: 'raw', httpStatus: 403, headers: HTML, body: '<html><h1>Forbidden</h1></html>' };
const REDIRECT: Answer = { kind: 'raw', httpStatus: 302, headers: { location: '/_simulator/redirected' }, body: '' };
const GARBAGE: Answer = { kind: 'raw', httpStatus: 200, headers: HTML, body: '<html>It works!</html>' };
const NO_ID: Answer = {
  kind: 'raw',
  httpStatus: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"messaging_product":"whatsapp","contacts":[],"messages":[{}]}',
};
const TOO_MANY: Answer = {
  kind: 'raw',
  httpStatus: 429,
  headers: { 'content-type': 'text/plain', 'retry-after': '1' },
  body: 'Too Many Requests',
};

const SENT: StatusStep = { status: 'sent', at: 'sent' };
const DELIVERED: StatusStep = { status: 'delivered', at: 'delivered' };
const READ: StatusStep = { status: 'read', at: 'read' };

const refuses = (answer: Answer): Partial<Behaviour> => ({ accepts: false, answer });
const refusesFirst = (attempts: number, answer: Answer): Partial<Behaviour> => ({
  ...refuses(answer),
  firstAttempts: attempts,
});
const error = (code: number): Answer => ({ kind: 'graph_error', code });
const statuses = (...steps: StatusStep[]): Partial<Behaviour> => ({ statuses: steps });

/** Append only: tests, demos and people know these numbers. */
// prettier-ignore
const ROWS: Row[] = [
  ['010 xxxx', 'plain', null, 'accepted at once; `sent`, `delivered`, `read`', () => ({})],

  ['011 0nxx', 'slow_answer', 'seconds', 'accepted, answered after n seconds', (n) => ({ answerDelayMs: n * 1000 })],
  ['011 1nxx', 'very_slow_answer', 'tens of seconds', 'accepted, answered after 10 n seconds', (n) => ({ answerDelayMs: n * 10_000 })],
  ['011 2nxx', 'throttled_first', 'attempts', '130429 for the first n attempts, then plain', (n) => refusesFirst(n, error(130429))],
  ['011 3nxx', 'http_429_first', 'attempts', 'HTTP 429 without JSON, `Retry-After: 1`, for the first n attempts, then plain', (n) => refusesFirst(n, TOO_MANY)],
  ['011 4nxx', 'pair_limited_first', 'attempts', '131056 for the first n attempts, then plain', (n) => refusesFirst(n, error(131056))],
  ['011 5nxx', 'unavailable_first', 'attempts', '131016 (HTTP 500, transient) for the first n attempts, then plain', (n) => refusesFirst(n, error(131016))],
  ['011 6nxx', 'closed_first', 'attempts', 'connection closed, not accepted, for the first n attempts, then plain', (n) => refusesFirst(n, { kind: 'close' })],
  ['011 7nxx', 'token_refused_first', 'attempts', '190 for the first n attempts, then plain', (n) => refusesFirst(n, error(190))],

  ['012 nnnx', 'error', 'error index', 'refused at once with the error of the table below', (code) => refuses(error(code))],
  ['013 nnnx', 'failed_status', 'error index', 'accepted, then `failed` with the error of the table below', (code) => statuses({ status: 'failed', at: 'sent', code })],
  ['014 nnnx', 'sent_then_failed', 'error index', 'accepted, `sent`, then `failed` with the error of the table below', (code) => statuses(SENT, { status: 'failed', at: 'delivered', code })],

  ['015 00xx', 'answer_lost', null, 'accepted, all statuses come, the connection is closed instead of an answer', () => ({ answer: { kind: 'close' } })],
  ['015 01xx', 'closed', null, 'not accepted, connection closed without an answer', () => refuses({ kind: 'close' })],
  ['015 02xx', 'bad_gateway', null, 'not accepted, HTTP 502 with an HTML page', () => refuses(BAD_GATEWAY)],
  ['015 03xx', 'bad_gateway_accepted', null, 'accepted, all statuses come, but the answer is HTTP 503 without JSON', () => ({ answer: UNAVAILABLE })],
  ['015 04xx', 'garbage_answer', null, 'accepted, all statuses come, the answer is HTTP 200 with a web page', () => ({ answer: GARBAGE })],
  ['015 05xx', 'answer_without_id', null, 'accepted, all statuses come, the answer is HTTP 200 without a message id', () => ({ answer: NO_ID })],
  ['015 06xx', 'truncated_answer', null, 'accepted, all statuses come, the answer breaks off in the middle', () => ({ answer: { kind: 'truncated' } })],
  ['015 07xx', 'redirect', null, 'not accepted, HTTP 302 to a page that counts its visitors (`redirectsFollowed` in the stats)', () => refuses(REDIRECT)],
  ['015 08xx', 'answer_lost_no_statuses', null, 'accepted, connection closed instead of an answer, no statuses', () => ({ answer: { kind: 'close' }, statuses: [] })],
  ['015 09xx', 'silence', null, 'accepted, all statuses come, no answer until the client gives up', () => ({ answer: { kind: 'silence' } })],
  ['015 10xx', 'silence_not_accepted', null, 'not accepted, no answer until the client gives up', () => refuses({ kind: 'silence' })],
  ['015 11xx', 'forbidden_page', null, 'not accepted, HTTP 403 with an HTML page', () => refuses(FORBIDDEN)],
  ['015 12xx', 'garbage_answer_no_statuses', null, 'accepted, the answer is HTTP 200 with a web page, no statuses', () => ({ answer: GARBAGE, statuses: [] })],
  ['015 2nxx', 'answer_lost_statuses_late', 'seconds', 'accepted, connection closed instead of an answer, statuses n seconds late', (n) => ({ answer: { kind: 'close' }, statusDelayMs: n * 1000 })],
  ['015 30xx', 'held', null, 'a template is answered `held_for_quality_assessment`; statuses as usual', () => ({ messageStatus: 'held_for_quality_assessment' })],
  ['015 31xx', 'held_then_dropped', null, 'a template is answered `held_for_quality_assessment`, then `failed` with 132015', () => ({ messageStatus: 'held_for_quality_assessment', ...statuses({ status: 'failed', at: 'delivered', code: 132015 }) })],
  ['015 32xx', 'wa_id_differs', null, 'accepted; `contacts[0].wa_id` and the statuses name another number', () => ({ waIdDiffers: true })],
  ['015 33xx', 'template_paused_answer', null, 'a template is answered `message_status: paused`; no statuses', () => ({ messageStatus: 'paused', statuses: [] })],
  ['015 34xx', 'error_but_accepted', null, 'accepted, all statuses come, but the answer is error 131000', () => ({ answer: error(131000) })],

  ['016 00xx', 'duplicated', null, 'every status comes twice', () => ({ eachStatusTwice: true })],
  ['016 01xx', 'out_of_order', null, '`read`, then `delivered`, then `sent`', () => statuses({ ...READ, at: 'sent' }, DELIVERED, { ...SENT, at: 'read' })],
  ['016 02xx', 'no_statuses', null, 'no status ever', () => statuses()],
  ['016 03xx', 'no_delivered', null, '`sent` and `read` only', () => statuses(SENT, READ)],
  ['016 04xx', 'never_read', null, '`sent` and `delivered` only', () => statuses(SENT, DELIVERED)],
  ['016 05xx', 'no_sent', null, '`delivered` and `read` only', () => statuses(DELIVERED, READ)],
  ['016 06xx', 'only_sent', null, '`sent` only', () => statuses(SENT)],
  ['016 07xx', 'only_read', null, '`read` only', () => statuses(READ)],
  ['016 08xx', 'status_before_answer', null, '`sent` is delivered before the answer is written', () => ({ statusesBeforeAnswer: 1 })],
  ['016 09xx', 'all_before_answer', null, 'all three are delivered before the answer is written', () => ({ statusesBeforeAnswer: 3 })],
  ['016 1nxx', 'late_statuses', 'seconds', 'all statuses n seconds late', (n) => ({ statusDelayMs: n * 1000 })],
  ['016 20xx', 'deleted', null, '`deleted` after `read`', () => statuses(SENT, DELIVERED, READ, { status: 'deleted', at: 'later' })],
  ['016 21xx', 'warning', null, '`warning` after `sent`, then as usual', () => statuses(SENT, { status: 'warning', at: 'sent' }, DELIVERED, READ)],
  ['016 22xx', 'played', null, '`played` after `read`, whatever the type', () => statuses(SENT, DELIVERED, READ, { status: 'played', at: 'later' })],
  ['016 23xx', 'failed_after_delivered', null, '`failed` with 131026 after `delivered`', () => statuses(SENT, DELIVERED, { status: 'failed', at: 'read', code: 131026 })],
  ['016 24xx', 'delivered_after_failed', null, '`failed` with 131026, then `delivered`', () => statuses({ status: 'failed', at: 'sent', code: 131026 }, DELIVERED)],
  ['016 25xx', 'unknown_status', null, 'a status of the future, `pondered`, between `delivered` and `read`', () => statuses(SENT, DELIVERED, { status: 'pondered', at: 'delivered' }, READ)],
  ['016 26xx', 'no_callback_data', null, 'statuses do not echo `biz_opaque_callback_data`', () => ({ echoesCallbackData: false })],
  ['016 27xx', 'undeliverable', null, 'accepted, then `failed` with 131026', () => statuses({ status: 'failed', at: 'sent', code: 131026 })],

  ['017 00xx', 'replies_with_text', null, 'as usual, then the customer answers with a text (`context.id` is the wamid)', () => ({ reply: 'text' })],
  ['017 01xx', 'replies_with_button', null, 'as usual, then the customer taps a quick reply', () => ({ reply: 'button' })],
  ['017 02xx', 'replies_with_reaction', null, 'as usual, then the customer reacts with an emoji', () => ({ reply: 'reaction' })],
];

/** Every scenario, first match wins; a number that no row names is plain. */
export const SCENARIOS: readonly Scenario[] = ROWS.map(([numbers, name, parameter, does, changes]) => ({
  numbers,
  name,
  parameter,
  does,
  changes,
}));

/** What a scenario does with its parameter filled in. */
export function behaviourOf(scenario: Scenario, parameter: number): Behaviour {
  return { ...PLAIN, ...scenario.changes(parameter) };
}
