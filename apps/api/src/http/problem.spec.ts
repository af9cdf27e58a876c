import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { answerTo } from './problem.js';
import { PROBLEMS } from './problems.js';
import { RequestRefusedError } from './request.errors.js';

const coded = (code: string, more: object = {}) => Object.assign(new Error('canary sentence'), { code, ...more });

describe('answerTo', () => {
  it.each([
    [coded('unknown_sender'), 422, 'unknown_sender'],
    [coded('idempotency_in_progress'), 409, 'idempotency_in_progress'],
    [new NotFoundException('Cannot GET /canary'), 404, 'not_found'],
    [new BadRequestException('canary'), 400, 'bad_request'],
    [new HttpException('canary', 418), 500, 'internal_error'],
    [coded('ECONNREFUSED'), 503, 'database_unavailable'],
    [coded('57P01'), 503, 'database_unavailable'],
    [new Error('Connection terminated unexpectedly'), 503, 'database_unavailable'],
    [coded('40P01'), 503, 'database_busy'],
    [coded('22021'), 422, 'unstorable_value'],
    [coded('23514'), 500, 'internal_error'],
    [new TypeError('canary'), 500, 'internal_error'],
    ['thrown canary', 500, 'internal_error'],
    [null, 500, 'internal_error'],
    [coded('toString'), 500, 'internal_error'],
  ])('%p', (error, status, code) => {
    const { problem, isOurs } = answerTo(error, 'r1');
    expect(problem).toMatchObject({ status, code, type: `urn:herald:problem:${code}`, instance: 'urn:uuid:r1' });
    expect(problem.title).toBe(PROBLEMS[code]?.title);
    expect(isOurs).toBe(status >= 500);
  });

  it('tells nothing of an error that is not written for callers', () => {
    const errors = [new Error('canary'), new NotFoundException('canary'), coded('22021'), coded('ECONNREFUSED')];
    for (const error of errors) expect(JSON.stringify(answerTo(error, 'r'))).not.toContain('canary');
  });

  it('carries fields, the used message and when to come back', () => {
    const errors = [{ field: 'to', code: 'is_recipient', message: 'no' }];
    expect(answerTo(new RequestRefusedError('validation_failed', 'no', errors), 'r').problem.errors).toEqual(errors);
    expect(answerTo(coded('invalid_schedule', { field: 'sendAt' }), 'r').problem.errors).toEqual([
      { field: 'sendAt', code: 'invalid_schedule', message: 'canary sentence' },
    ]);
    expect(answerTo(coded('client_reference_used', { messageId: 'm' }), 'r').problem.messageId).toBe('m');
    expect(answerTo(coded('idempotency_in_progress'), 'r').retryAfterSeconds).toBe(1);
    expect(answerTo(coded('08006'), 'r').retryAfterSeconds).toBe(5);
  });
});
