import { describe, expect, it } from '@jest/globals';
import { Logger } from '#observability';
import type { Database } from '#persistence';
import type { QueueBackend } from '#queues';
import { anEnvironment } from '#testing';
import { PaceService } from './pace.service.js';
import type { DueMessage } from './queries/read-due-messages.query.js';

const aMessage = (lane: Partial<DueMessage['lane']> = {}, phoneNumberId = '1'): DueMessage => ({
  messageId: 'm',
  phoneNumberId,
  recipient: '15550100101',
  isFed: true,
  hasPairToken: false,
  isLimited: false,
  lane: { throughputLimit: 80, limitsMet: 0, isBroken: false, ...lane },
});

/** A service whose database answers nothing, and how often it was asked. */
function setup() {
  const asked = { count: 0 };
  const transaction = () => {
    asked.count += 1;
    return Promise.reject(new Error('Connection terminated unexpectedly'));
  };
  const database = { transaction } as unknown as Database;
  const backend = { redis: undefined } as QueueBackend;
  return { asked, pace: new PaceService(backend, database, anEnvironment(), Logger.create('silent')) };
}

describe('PaceService', () => {
  it('lets messages go without a pace when there is no store, and leaves it alone for a moment', async () => {
    const { pace, asked } = setup();
    for (let i = 0; i < 3; i += 1)
      expect(await pace.reserve([aMessage(), aMessage()], 'bulk')).toEqual({
        answers: [
          { kind: 'slot', afterMs: 0 },
          { kind: 'slot', afterMs: 0 },
        ],
        againMs: 0,
      });
    expect(asked.count).toBe(1);
  });

  it('leaves only the lane alone whose pace it could not read: the others may have theirs', async () => {
    const { pace, asked } = setup();
    for (const lane of ['1', '2', '1', '2', '2']) await pace.reserve([aMessage({}, lane)], 'bulk');
    expect(asked.count).toBe(2);
  });

  it('goes by what was read of a lane last, not by what it was when a message came', () => {
    const { pace } = setup();
    expect(pace.rateOf(aMessage()).intervalMs).toBeCloseTo(1_000 / 70, 6);
    pace.note([aMessage({ isBroken: true })]);
    expect(pace.rateOf(aMessage()).intervalMs).toBe(5_000);
  });
});
