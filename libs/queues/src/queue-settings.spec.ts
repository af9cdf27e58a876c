import { describe, expect, it } from '@jest/globals';
import { QUEUE_REDIS, QUEUE_SETTINGS, WORKER_REDIS, WORKER_SETTINGS } from './queue-settings.js';

describe('settings of delivery protocol §13', () => {
  it('queue connection', () => {
    expect(QUEUE_REDIS).toMatchObject({
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      connectTimeout: 1_000,
      commandTimeout: 1_000,
    });
    expect(QUEUE_REDIS.reconnectOnError?.(new Error("READONLY You can't write against a read only replica."))).toBe(2);
    expect(QUEUE_REDIS.reconnectOnError?.(new Error('OOM command not allowed'))).toBe(false);
  });

  it('worker connection', () => {
    expect(Object.keys(WORKER_REDIS).sort()).toEqual(['maxRetriesPerRequest', 'retryStrategy']);
    expect(WORKER_REDIS.maxRetriesPerRequest).toBeNull();
  });

  it.each([
    [1, 200],
    [3, 800],
    [5, 2_000],
    [50, 2_000],
  ])('try %d to connect comes after %d ms', (tries, ms) => {
    expect([QUEUE_REDIS, WORKER_REDIS].map(({ retryStrategy }) => retryStrategy?.(tries))).toEqual([ms, ms]);
  });

  it('jobs and workers', () => {
    expect(QUEUE_SETTINGS).toMatchObject({
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: 1_000 } },
      skipWaitingForReady: true,
    });
    expect(WORKER_SETTINGS).toMatchObject({
      lockDuration: 120_000,
      maxStalledCount: 10,
      drainDelay: 5,
      runRetryDelay: 1_000,
    });
  });
});
