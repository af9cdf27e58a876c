import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Environment } from './environment.js';
import { EnvironmentError, readEnvironment } from './read-environment.js';

const valid = {
  DATABASE_URL: 'postgresql://herald:secret@127.0.0.1:5432/herald',
  META_APP_SECRET: 'first-secret,second-secret',
  META_VERIFY_TOKEN: 'verify-token',
  HERALD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
};

const problemsOf = (variables: Record<string, string>) => {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
};

const UNREADABLE =
  'DATABASE_URL must be a URL; in user and password, anything but letters and digits is percent-encoded';

describe('readEnvironment', () => {
  it('fills in the defaults', () => {
    const environment = readEnvironment(valid);
    expect(environment).toMatchObject({ PORT: 3000, GRAPH_API_VERSION: 'v25.0', SEND_LEASE_MS: 90_000 });
    expect(environment.META_APP_SECRET).toEqual(['first-secret', 'second-secret']);
    expect(environment.REDIS_URL).toBeUndefined();
  });

  it.each([
    ['PORT', 'http', 'PORT must be a whole number from 0 to 65535'],
    ['PORT', '70000', 'PORT must be a whole number from 0 to 65535'],
    ['HOST', 'http://here', 'HOST must be a host name or an address'],
    ['DATABASE_URL', 'mysql://x', 'DATABASE_URL must be a postgresql:// URL'],
    ['DATABASE_URL', 'postgresql://one:99999/herald', UNREADABLE],
    ['DATABASE_URL', 'postgresql://herald:can#ary@one/herald', UNREADABLE],
    ['MEDIA_S3_ACCESS_KEY_ID', 'key', 'MEDIA_S3_SECRET_ACCESS_KEY is required with MEDIA_S3_ACCESS_KEY_ID'],
    ['MEDIA_S3_SECRET_ACCESS_KEY', 'key', 'MEDIA_S3_ACCESS_KEY_ID is required with MEDIA_S3_SECRET_ACCESS_KEY'],
    ['REDIS_URL', 'localhost:6379', 'REDIS_URL must be a redis:// or rediss:// URL, or several, separated by commas'],
    [
      'REDIS_URL',
      'redis://one:6379,two:6379',
      'REDIS_URL must be a redis:// or rediss:// URL, or several, separated by commas',
    ],
    ['REDIS_URL', 'redis://one:70000', 'REDIS_URL must hold URLs'],
    ['REDIS_URL', 'redis://one,redis://two/3', 'REDIS_URL must name no database but 0: a Redis Cluster has no other'],
    [
      'REDIS_URL',
      'redis://:canary@one,redis://two',
      'REDIS_URL must have the same scheme, user and password for all nodes: they are one Redis Cluster',
    ],
    ['REDIS_CLUSTER', 'yes', 'REDIS_CLUSTER must be true or false'],
    ['REDIS_CLUSTER', 'true', 'REDIS_CLUSTER needs REDIS_URL'],
    [
      'HERALD_ENCRYPTION_KEYS',
      'k1:short',
      'HERALD_ENCRYPTION_KEYS must be id:base64 pairs of 32 bytes, separated by commas',
    ],
    ['META_APP_SECRET', ' , ', 'META_APP_SECRET must hold at least one secret'],
    ['HERALD_ENCRYPTION_KEYS', ',', 'HERALD_ENCRYPTION_KEYS must hold at least one key'],
    [
      'HERALD_ENCRYPTION_KEYS',
      `${valid.HERALD_ENCRYPTION_KEYS},${valid.HERALD_ENCRYPTION_KEYS}`,
      'HERALD_ENCRYPTION_KEYS must hold each key id once',
    ],
    ['HERALD_ADMIN_KEY', 'admin', 'HERALD_ADMIN_KEY must start with hk_ and have at least 20 more characters'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent'],
    ['RETENTION_MONTHS', '2', 'RETENTION_MONTHS must be a whole number from 3 to 1200'],
    ['RETENTION_MONTHS', 'a year', 'RETENTION_MONTHS must be a whole number from 3 to 1200'],
    ['GRAPH_API_BASE_URL', 'ftp://x', 'GRAPH_API_BASE_URL must be an http(s) URL without user, query and fragment'],
    ['GRAPH_API_BASE_URL', 'http://x/?a', 'GRAPH_API_BASE_URL must be an http(s) URL without user, query and fragment'],
    ['MEDIA_S3_ENDPOINT', 'http://x#a', 'MEDIA_S3_ENDPOINT must be an http(s) URL without user, query and fragment'],
    [
      'OPT_OUT_KEYWORDS',
      'x'.repeat(101),
      'OPT_OUT_KEYWORDS must hold words of at most 100 characters, separated by commas',
    ],
    ['OPT_IN_KEYWORDS', 'go,Stop', 'OPT_IN_KEYWORDS must not hold words of OPT_OUT_KEYWORDS: stop'],
    [
      'SEND_LEASE_MS',
      '50000',
      'SEND_LEASE_MS must be at least 60000: SEND_WRITE_GUARD_MS + GRAPH_TIMEOUT_MS and a fifth',
    ],
  ])('says in one line what is wrong with %s=%s', (name, value, line) => {
    expect(problemsOf({ ...valid, [name]: value })).toEqual([line]);
  });

  it.each([
    'postgresql://herald@%2Fvar%2Frun%2Fpostgresql/herald',
    'postgres://herald:secret@/herald?host=/var/run/postgresql',
    'postgresql:///herald',
    'postgresql://herald:se cret@[::1]:5432/herald',
  ])('takes what the driver takes: %s', (url) => {
    expect(readEnvironment({ ...valid, DATABASE_URL: url }).DATABASE_URL).toBe(url);
  });

  it('says all that is wrong at once, also what contradicts something', () => {
    const wrong = {
      PORT: 'x',
      GRAPH_TIMEOUT_MS: 'x',
      SEND_LEASE_MS: '100',
      OPT_IN_KEYWORDS: 'stop',
      REDIS_CLUSTER: 'true',
    };
    const names = problemsOf({ ...valid, ...wrong }).map((line) => line.split(' ')[0]);
    // Whether a lease is long enough cannot be said without the timeout.
    expect(names).toEqual(['PORT', 'GRAPH_TIMEOUT_MS', 'OPT_IN_KEYWORDS', 'REDIS_CLUSTER']);
  });

  it('reads keywords, and a lone comma as none', () => {
    const { OPT_OUT_KEYWORDS } = readEnvironment({ ...valid, OPT_OUT_KEYWORDS: 'Stop it, अलविदा' });
    expect(OPT_OUT_KEYWORDS).toEqual(['Stop it', 'अलविदा']);
    expect(readEnvironment({ ...valid, OPT_OUT_KEYWORDS: ',' }).OPT_OUT_KEYWORDS).toEqual([]);
    expect(readEnvironment(valid).OPT_OUT_KEYWORDS).toContain('stop');
  });

  const cluster = { REDIS_CLUSTER: true, QUEUE_SHARDS: 8 };
  const server = { REDIS_CLUSTER: false, QUEUE_SHARDS: 1 };
  it.each([
    ['nothing', {}, server],
    ['one address', { REDIS_URL: 'redis://one:6379/2' }, { ...server, REDIS_URL: ['redis://one:6379/2'] }],
    ['a comma in a password', { REDIS_URL: 'redis://:a,b@one' }, { ...server, REDIS_URL: ['redis://:a,b@one'] }],
    [
      'several',
      { REDIS_URL: 'rediss://one, rediss://two' },
      { ...cluster, REDIS_URL: ['rediss://one', 'rediss://two'] },
    ],
    ['one of a cluster', { REDIS_URL: 'redis://one', REDIS_CLUSTER: 'true' }, cluster],
    [
      'several, and shards',
      { REDIS_URL: 'redis://one,redis://two', QUEUE_SHARDS: '3' },
      { ...cluster, QUEUE_SHARDS: 3 },
    ],
  ])('knows Redis and Redis Cluster by %s', (_case, variables, expected) => {
    expect(readEnvironment({ ...valid, ...variables })).toMatchObject(expected);
  });

  it('takes no several addresses for what is said to be no cluster', () => {
    const problems = problemsOf({ ...valid, REDIS_URL: 'redis://one,redis://two', REDIS_CLUSTER: 'false' });
    expect(problems).toEqual(['REDIS_URL must be one URL where REDIS_CLUSTER is false']);
  });

  it('names every missing value, one line each', () => {
    expect(problemsOf({})).toEqual(
      expect.arrayContaining([
        'DATABASE_URL is required',
        'META_APP_SECRET is required',
        'META_VERIFY_TOKEN is required',
        'HERALD_ENCRYPTION_KEYS is required',
      ]),
    );
  });

  it('never repeats a value, which may be a secret', () => {
    expect(
      problemsOf({ ...valid, HERALD_ENCRYPTION_KEYS: 'k1:canary', HERALD_ADMIN_KEY: 'canary' }).join(),
    ).not.toContain('canary');
  });

  it('is listed whole in .env.example', () => {
    const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const names = Object.keys(new Environment());
    expect(names.filter((name) => !new RegExp(`^#? ?${name}=`, 'm').test(example))).toEqual([]);
  });
});
