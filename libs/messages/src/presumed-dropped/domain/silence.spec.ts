import { describe, expect, it } from '@jest/globals';
import { silenceOf, sweepsOf } from './silence.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('how long a message may be silent', () => {
  it.each([
    ['30 s', 30, 30_000 + 5 * MINUTE_MS],
    ['50 min, where a tenth is five minutes', 3_000, 55 * MINUTE_MS],
    ['12 h', 43_200, 13.2 * HOUR_MS],
    ['30 days', 2_592_000, 33 * DAY_MS],
    ['-1: 30 days', -1, 33 * DAY_MS],
  ])('%s', (_name, ttlSeconds, expected) => {
    expect(silenceOf(ttlSeconds)).toBe(expected);
  });
});

describe('the sweeps', () => {
  it('mark what waits no longer than they do, the shortest first', () => {
    const sweeps = sweepsOf({ authenticationMs: 15 * MINUTE_MS, othersMs: 33 * DAY_MS }, [43_200, 60, -1]);
    expect(sweeps).toEqual([
      { name: 'ttl:60', silentMs: 6 * MINUTE_MS, marksAuthentication: false, marksOthers: false, ttls: [60] },
      { name: 'authentication', silentMs: 15 * MINUTE_MS, marksAuthentication: true, marksOthers: false, ttls: [60] },
      {
        name: 'ttl:43200',
        silentMs: 13.2 * HOUR_MS,
        marksAuthentication: true,
        marksOthers: false,
        ttls: [43_200, 60],
      },
      { name: 'other', silentMs: 33 * DAY_MS, marksAuthentication: true, marksOthers: true, ttls: [43_200, 60, -1] },
      { name: 'ttl:-1', silentMs: 33 * DAY_MS, marksAuthentication: true, marksOthers: true, ttls: [43_200, 60, -1] },
    ]);
  });
});
