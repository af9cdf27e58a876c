import { describe, expect, it } from '@jest/globals';
import { databaseErrorKind, violatedConstraint } from './database-error.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('databaseErrorKind', () => {
  it.each([
    ['deadlock, pg', withCode('40P01'), 'repeat'],
    ['lock timeout, pg', withCode('55P03'), 'repeat'],
    ['deadlock, Prisma model call', withCode('P2034'), 'repeat'],
    [
      'deadlock, Prisma raw',
      Object.assign(withCode('P2010'), { meta: { driverAdapterError: { cause: { originalCode: '40P01' } } } }),
      'repeat',
    ],
    ['serialization failure at COMMIT', Object.assign(new Error('x'), { cause: { originalCode: '40001' } }), 'repeat'],
    ['server stopped', withCode('57P01'), 'lost'],
    ['too many clients', withCode('53300'), 'lost'],
    ['statement timeout', withCode('57014'), 'lost'],
    ['refused', withCode('ECONNREFUSED'), 'lost'],
    ['host gone', withCode('EHOSTUNREACH'), 'lost'],
    ['network gone', withCode('ENETUNREACH'), 'lost'],
    ['name service gone', withCode('EAI_AGAIN'), 'lost'],
    ['a standby took over', withCode('25006'), 'lost'],
    ['pg killed', new Error('Connection terminated unexpectedly'), 'lost'],
    ['pg killed before', new Error('Client has encountered a connection error and is not queryable'), 'lost'],
    ['no free connection', new Error('timeout exceeded when trying to connect'), 'lost'],
    ['unique, pg', withCode('23505'), 'unique'],
    ['unique, Prisma', withCode('P2002'), 'unique'],
    ['NUL in text', withCode('22021'), 'data'],
    ['check', withCode('23514'), 'data'],
    ['syntax', withCode('42601'), 'other'],
    ['no error', 'text', 'other'],
  ] as const)('%s', (_name, error, kind) => {
    expect(databaseErrorKind(error)).toBe(kind);
  });
});

describe('violatedConstraint', () => {
  it.each([
    ['pg', Object.assign(withCode('23505'), { constraint: 'client_name_key' })],
    ['a month', Object.assign(withCode('23505'), { constraint: 'client_name_key_2026_11' })],
    ['no month', Object.assign(withCode('23505'), { constraint: 'client_name_key_default' })],
    [
      'Prisma',
      Object.assign(withCode('P2002'), {
        meta: { driverAdapterError: { cause: { constraint: { index: 'client_name_key' } } } },
      }),
    ],
  ])('%s', (_name, error) => {
    expect(violatedConstraint(error)).toBe('client_name_key');
  });
});
