import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { buildReadReceipt, classifyReceipt } from './read-receipt.js';
import type { SendObservation } from './send-outcome.js';

const answered = (httpStatus: number, body: string | null): SendObservation => ({
  kind: 'answered',
  httpStatus,
  body,
});

describe('a read receipt', () => {
  it.each([
    ['mark_read.json', false],
    ['mark_read_typing.json', true],
  ])('is built as %s', (file, typing) => {
    const body = JSON.parse(readFixture('send', file)) as { message_id: string };
    expect(buildReadReceipt(body.message_id, { typing })).toEqual(body);
  });

  it.each<[string, SendObservation, object]>([
    ['success', answered(200, readFixture('graph', 'success_mark_read.json')), { kind: 'done' }],
    ['a cut 200', answered(200, null), { kind: 'done' }],
    ['no connection', { kind: 'not_written', code: 'ECONNREFUSED' }, { kind: 'retry', code: null, waitMs: 0 }],
    ['a lost answer', { kind: 'lost', code: 'ECONNRESET' }, { kind: 'retry', code: null, waitMs: 0 }],
    ['a proxy', answered(502, '<html>'), { kind: 'retry', code: null, waitMs: 0 }],
    ['a limit', answered(400, '{"error":{"code":130429}}'), { kind: 'retry', code: 130429, waitMs: 0 }],
    ['a bad token', answered(401, '{"error":{"code":190}}'), { kind: 'retry', code: 190, waitMs: 0 }],
    ['an unknown message', answered(400, '{"error":{"code":131009}}'), { kind: 'refused', code: 131009 }],
    ['what could not be built', { kind: 'not_built' }, { kind: 'refused', code: null }],
  ])('after %s', (_what, observation, outcome) => expect(classifyReceipt(observation)).toEqual(outcome));
});
