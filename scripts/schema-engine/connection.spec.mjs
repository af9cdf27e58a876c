import { describe, expect, it } from '@jest/globals';
import { connectionFromUrl, withDatabase, withoutSchema } from './connection.mjs';

describe('connectionFromUrl', () => {
  it('decodes names and the password', () => {
    const { schema, pool } = connectionFromUrl('postgresql://the%20user:p%40ss%2Fw%3A%25@db.example:6543/my%20db');
    expect(schema).toBe('public');
    expect(pool).toMatchObject({
      host: 'db.example',
      port: 6543,
      user: 'the user',
      password: 'p@ss/w:%',
      database: 'my db',
      ssl: false,
      connectionTimeoutMillis: 5000,
      options: undefined,
    });
  });

  it.each([
    ['?sslmode=disable', { ssl: false }],
    ['?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
    ['?sslmode=verify-full', { ssl: {} }],
    ['?connect_timeout=30', { connectionTimeoutMillis: 30_000 }],
    ['?schema=herald', { options: '-c search_path="herald"' }],
    ['?schema=my+own', { options: '-c search_path="my\\ own"' }],
    [
      '?schema=herald&options=-c+statement_timeout%3D5s',
      { options: '-c statement_timeout=5s -c search_path="herald"' },
    ],
    ['?host=/var/run/postgresql', { host: '/var/run/postgresql' }],
    ['?connection_limit=5&pgbouncer=true', { database: 'herald' }],
  ])('understands %s', (parameters, expected) => {
    expect(connectionFromUrl(`postgresql://u:p@localhost/herald${parameters}`).pool).toMatchObject(expected);
  });

  it.each([undefined, '', 'herald', 'mysql://u:p@localhost/herald', 'postgresql://u:secret#@localhost/herald'])(
    'refuses %s',
    (url) => {
      const refusal = expect.objectContaining({ code: 'P1013', message: expect.not.stringContaining('secret') });
      expect(() => connectionFromUrl(url)).toThrow(refusal);
    },
  );

  it('can name another database, and forget the schema', () => {
    const connection = connectionFromUrl('postgresql://u:p@localhost/herald?schema=mine');
    expect(withDatabase(connection, 'postgres').pool).toEqual({ ...connection.pool, database: 'postgres' });
    expect(withoutSchema(connection)).toEqual({ schema: 'public', pool: { ...connection.pool, options: undefined } });
  });
});
