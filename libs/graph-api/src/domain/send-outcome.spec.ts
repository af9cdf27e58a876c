import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { lookupError } from './error-catalog.js';
import { classifySendResult, type SendObservation } from './send-outcome.js';

const JSON_ID = /"id": "(wamid\.[^"]+)"/;
const WAMID = 'wamid.HBgLMTU1NTAxMDAwMDEVAgARGBIA';
const ACCEPTED = JSON.stringify({ contacts: [{ wa_id: '15550100001' }], messages: [{ id: WAMID }] });

const answered = (httpStatus: number, body: unknown, retryAfterMs?: number): SendObservation => ({
  kind: 'answered',
  httpStatus,
  body: typeof body === 'string' || body === null ? body : JSON.stringify(body),
  retryAfterMs,
});
const refused = (httpStatus: number, code: unknown, more: object = {}) =>
  answered(httpStatus, { error: { message: `(#${String(code)}) No`, code, ...more } });

describe('classifySendResult, row by row', () => {
  it.each<[string, SendObservation, object]>([
    ['not written', { kind: 'not_written', code: 'ECONNREFUSED' }, { kind: 'not_sent', reason: 'ECONNREFUSED' }],
    ['not built', { kind: 'not_built' }, { kind: 'rejected_permanent', code: 'internal_build_error' }],
    [
      '200 with an id',
      answered(200, ACCEPTED),
      { kind: 'accepted', wamid: WAMID, waId: '15550100001', httpStatus: 200 },
    ],
    ['201 with an id', answered(201, ACCEPTED), { kind: 'accepted' }],
    ['200 cut', answered(200, null), { kind: 'uncertain', http2xx: true, httpStatus: 200, reason: 'answer_cut' }],
    ['200 half', answered(200, ACCEPTED.slice(0, -3)), { kind: 'uncertain', http2xx: true, reason: 'no_message_id' }],
    ['200 empty', answered(200, ''), { kind: 'uncertain', http2xx: true }],
    ['200 empty id', answered(200, { messages: [{ id: '' }] }), { kind: 'uncertain', http2xx: true }],
    ['200 id a number', answered(200, { messages: [{ id: 7 }] }), { kind: 'uncertain', http2xx: true }],
    ['200 no messages', answered(200, { messages: [] }), { kind: 'uncertain', http2xx: true }],
    ['200 of another call', answered(200, { success: true }), { kind: 'uncertain', http2xx: true }],
    ['200 with an error', answered(200, { error: { code: 190 } }), { kind: 'uncertain', http2xx: true }],
    ['200 null', answered(200, 'null'), { kind: 'uncertain', http2xx: true }],
    ['RATE app', refused(400, 4), { kind: 'throttled', action: 'RATE', scope: 'app', code: 4 }],
    ['RATE waba', refused(400, 80007), { kind: 'throttled', action: 'RATE', scope: 'waba' }],
    ['RATE sender', refused(400, 130429), { kind: 'throttled', action: 'RATE', scope: 'sender' }],
    ['RATE pair', refused(400, 131056), { kind: 'throttled', action: 'RATE', scope: 'pair', waitMs: 6_000 }],
    ['maintenance', refused(500, 131057), { kind: 'throttled', action: 'RATE', scope: 'sender', waitMs: 60_000 }],
    ['429 with another code', refused(429, 131000), { kind: 'throttled', action: 'RATE', scope: 'app', code: 131000 }],
    ['429 with RATE', refused(429, 130429), { kind: 'throttled', action: 'RATE', scope: 'sender' }],
    [
      '429 in words',
      answered(429, 'slow down', 5_000),
      { kind: 'throttled', scope: 'app', code: 429, retryAfterMs: 5_000 },
    ],
    ['429 cut', answered(429, null), { kind: 'throttled', action: 'RATE', scope: 'app' }],
    ['PAUSE token', refused(401, 190), { kind: 'throttled', action: 'PAUSE', scope: 'access_token', code: 190 }],
    ['PAUSE token, code 0', refused(401, 0), { kind: 'throttled', action: 'PAUSE', scope: 'access_token', code: 0 }],
    ['PAUSE range', refused(403, 273), { kind: 'throttled', action: 'PAUSE', scope: 'waba' }],
    ['PAUSE beats 5xx', refused(500, 131045), { kind: 'throttled', action: 'PAUSE', scope: 'sender' }],
    ['PAUSE beats transient', refused(400, 368, { is_transient: true }), { kind: 'throttled', action: 'PAUSE' }],
    ['PAUSE template', refused(400, 132015), { kind: 'throttled', action: 'PAUSE', scope: 'template' }],
    ['RETRY', refused(400, 1), { kind: 'rejected_retryable', code: 1, maxAttempts: 3 }],
    ['RETRY 5xx', refused(503, 2), { kind: 'rejected_retryable', code: 2 }],
    ['RETRY after a wait', refused(400, 134101), { kind: 'rejected_retryable', waitMs: 600_000 }],
    ['transient', refused(400, 100, { is_transient: true }), { kind: 'rejected_retryable', maxAttempts: 3 }],
    ['5xx with a code to fix', refused(500, 134102), { kind: 'rejected_retryable', maxAttempts: 3 }],
    ['5xx with an unknown code', refused(500, 999_999), { kind: 'rejected_retryable', maxAttempts: 3 }],
    ['window closed', refused(400, 131047), { kind: 'rejected_permanent', code: 131047, httpStatus: 400 }],
    ['LATER', refused(400, 131049), { kind: 'rejected_permanent' }],
    ['FAIL', refused(400, 131026), { kind: 'rejected_permanent' }],
    ['SUPPRESS', refused(400, 131050), { kind: 'rejected_permanent' }],
    ['FIX', refused(400, 131008), { kind: 'rejected_permanent' }],
    ['unknown 4xx', refused(400, 999_999), { kind: 'rejected_permanent', code: 999_999 }],
    ['negative code', refused(400, -1), { kind: 'rejected_permanent', code: -1 }],
    ['is_transient is a text', refused(400, 100, { is_transient: 'true' }), { kind: 'rejected_permanent' }],
    ['502 page', answered(502, '<html>Bad gateway</html>'), { kind: 'uncertain', http2xx: false, httpStatus: 502 }],
    ['500 other JSON', answered(500, { message: 'oops' }), { kind: 'uncertain', http2xx: false }],
    ['500 error text', answered(500, { error: 'oops' }), { kind: 'uncertain', http2xx: false }],
    ['500 no code', answered(500, { error: {} }), { kind: 'uncertain', http2xx: false }],
    ['500 code a text', refused(500, '131000'), { kind: 'uncertain', http2xx: false }],
    ['500 cut', answered(500, null), { kind: 'uncertain', http2xx: false, reason: 'answer_cut' }],
    ['404 page', answered(404, 'not found'), { kind: 'uncertain', http2xx: false, httpStatus: 404 }],
    ['redirect', answered(302, ''), { kind: 'uncertain', http2xx: false, httpStatus: 302 }],
    ['lost', { kind: 'lost', code: 'ECONNRESET' }, { kind: 'uncertain', http2xx: false, reason: 'ECONNRESET' }],
  ])('%s', (_name, observation, outcome) => {
    expect(classifySendResult(observation)).toMatchObject(outcome);
  });

  it.each([
    ['success_text.json', undefined],
    ['success_template_accepted.json', 'accepted'],
    ['success_template_held.json', 'held_for_quality_assessment'],
    ['success_template_paused.json', 'paused'],
    ['success_bsuid.json', undefined],
    ['success_group.json', undefined],
    ['success_wa_id_differs.json', undefined],
  ])('%s is accepted', (file, messageStatus) => {
    const outcome = classifySendResult(answered(200, readFixture('graph', file)));
    expect(outcome).toMatchObject({ kind: 'accepted', wamid: JSON_ID.exec(readFixture('graph', file))?.[1] });
    expect(outcome).toHaveProperty('messageStatus', messageStatus);
  });
});

describe('classifySendResult of the error fixtures', () => {
  const statuses = JSON.parse(readFixture('graph', 'error_http_status_index.json')) as Record<string, number>;
  const OUTCOMES: Record<string, number[]> = {
    throttled: [0, 3, 4, 10, 33, 190, 200, 368, 80007, 130429, 131005, 131031, 131042, 131056, 131057, 132015, 133010],
    rejected_retryable: [1, 2, 131000, 131016, 134101],
  };

  it.each(Object.entries(statuses))('%s with HTTP %i', (file, httpStatus) => {
    const body = readFixture('graph', file);
    const { code, error_data } = (JSON.parse(body) as { error: { code: number; error_data?: { details: string } } })
      .error;
    const kind = Object.keys(OUTCOMES).find((key) => OUTCOMES[key]!.includes(code)) ?? 'rejected_permanent';
    const outcome = classifySendResult(answered(httpStatus, body));
    expect(outcome).toMatchObject({ kind, code, httpStatus, error: { code, title: lookupError({ code }).title } });
    if (error_data) expect(outcome).toHaveProperty('error.details', error_data.details);
  });
});

describe('the error that a client gets to see', () => {
  const errorOf = (more: object, hide: string[] = []) => {
    const outcome = classifySendResult(refused(400, 131009, more), hide);
    return 'error' in outcome ? outcome.error : undefined;
  };

  it('has the subcode and the trace id', () => {
    expect(errorOf({ error_subcode: 2494010, fbtrace_id: 'A1' })).toMatchObject({ subcode: 2494010, fbtraceId: 'A1' });
  });

  it('falls back from details to the user message to the message', () => {
    expect(errorOf({ error_data: { details: 'd' }, error_user_msg: 'u' })?.details).toBe('d');
    expect(errorOf({ error_user_msg: 'u' })?.details).toBe('u');
    expect(errorOf({})?.details).toBe('(#131009) No');
    expect(errorOf({ message: 5, error_data: 'odd' })?.details).toBe('');
  });

  it('fits into Postgres', () => {
    expect(errorOf({ error_data: { details: `a\u0000\ud83d${'x'.repeat(5_000)}` } })?.details).toBe(
      `a\ufffd${'x'.repeat(998)}`,
    );
  });

  it('does not repeat the access token', () => {
    const details = 'Malformed access token my-token and EAAJZBexampleexampleexample1';
    expect(errorOf({ error_data: { details } }, ['my-token', ''])?.details).toBe(
      'Malformed access token [hidden] and [hidden]',
    );
  });
});
