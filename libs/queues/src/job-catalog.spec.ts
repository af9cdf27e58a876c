import { describe, expect, it } from '@jest/globals';
import { allQueueNames, batchIds, JOB_NAMES, jobIdOf, jobNameOf, sendQueueName } from './job-catalog.js';

const ID = '01990000-0000-7000-8000-000000000001';
const OTHER = '01990000-0000-7000-8000-000000000002';

describe('sendQueueName', () => {
  it.each([
    ['urgent', '800000000000001', 1, 'send.urgent.0'],
    ['bulk', '800000000000001', 8, 'send.bulk.4'],
    ['bulk', '800000000000002', 8, 'send.bulk.5'],
    ['standard', '800000000000009', 8, 'send.standard.4'],
  ] as const)('%s of %s on %d shards', (priority, sender, shards, name) => {
    expect(sendQueueName(priority, sender, shards)).toBe(name);
  });

  it('spreads senders over all shards', () => {
    const names = Array.from({ length: 400 }, (_, i) => sendQueueName('bulk', `${800000000000000 + i}`, 8));
    const counts = Object.values(Object.groupBy(names, (name) => name)).map((group) => group?.length ?? 0);
    expect(counts).toHaveLength(8);
    expect(Math.min(...counts)).toBeGreaterThan(25);
  });
});

describe('allQueueNames', () => {
  it('is one queue a priority and shard, and intake and media', () => {
    expect(allQueueNames(1)).toEqual(['send.urgent.0', 'send.standard.0', 'send.bulk.0', 'intake', 'media']);
    expect(allQueueNames(8)).toHaveLength(26);
  });

  it('covers every kind of job', () => {
    expect([...new Set(allQueueNames(2).map(jobNameOf))].sort()).toEqual([...JOB_NAMES].sort());
  });
});

describe('batchIds', () => {
  const messages = (n: number) => Array.from({ length: n }, (_, i) => ({ messageId: `m${i}`, fence: BigInt(i) }));

  it.each([
    [0, 50, []],
    [1, 50, [1]],
    [50, 50, [50]],
    [51, 50, [50, 1]],
    [120, 500, [50, 50, 20]],
    [3, 1, [1, 1, 1]],
    [2, 0, [1, 1]],
  ])('%d messages in jobs of %d', (count, size, sizes) => {
    const jobs = batchIds(messages(count), size);
    expect(jobs.map(({ messageIds }) => messageIds.length)).toEqual(sizes);
    expect(jobs.flatMap(({ fences }) => fences)).toEqual(messages(count).map(({ fence }) => String(fence)));
  });
});

describe('jobIdOf', () => {
  it('names the one message and its fence', () => {
    expect(jobIdOf({ messageIds: [ID], fences: ['12'] })).toBe(`m-${ID}-12`);
  });

  it.each([
    ['several messages', { messageIds: [ID, OTHER], fences: ['1', '2'] }],
    ['none', {}],
  ])('is fresh for %s', (_name, job) => {
    expect(jobIdOf(job)).toMatch(/^b-[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(jobIdOf(job)).not.toBe(jobIdOf(job));
  });
});
