import type { Priority } from '#messages';
import type { LaneRate } from './lane-rate.js';
import { type PairBucket, type PairLimit, takePairToken } from './pair-bucket.js';
import type { Reach } from './priority-reach.js';

/** The schedule of a lane, in ms of its store's clock: when its next slot is, and from when on each priority may claim its share. */
export interface LaneSchedule {
  nextMs: number;
  shareMs: Readonly<Record<Priority, number>>;
}

/** Slots that are asked for, for messages of one lane and priority in their order. */
export interface SlotAsk {
  priority: Priority;
  rate: LaneRate;
  reach: Reach;
  pairLimit: PairLimit;
  /** Whose token each message needs; null: none, it has one. */
  pairs: readonly (string | null)[];
}

/** What a message gets: its moment, `afterMs` from now; a later try, when its recipient may get one; nothing yet. */
export type SlotAnswer = { kind: 'slot'; afterMs: number } | { kind: 'pair'; afterMs: number } | { kind: 'none' };

export interface SlotAnswers {
  answers: SlotAnswer[];
  /** When to ask again for those that got nothing, ms. */
  againMs: number;
}

export interface Reservation extends SlotAnswers {
  lane: LaneSchedule;
  buckets: Map<string, PairBucket>;
}

export const NEW_LANE: LaneSchedule = { nextMs: 0, shareMs: { urgent: 0, standard: 0, bulk: 0 } };

/** Whoever asks in vain asks again for so much at a time, ms of slots: not for each slot by itself. */
const BATCH_MS = 250;
const LEAST_WAIT_MS = 20;
const MOST_WAIT_MS = 1_000;

/**
 * Gives messages their slots, one after the other at the rate of the lane (virtual scheduling, GCRA), and each a token of its
 * pair. A message whose pair has none takes no slot. Lua in `redis-pace.lua.ts` does the same, step by step.
 */
export function reserveSlots(
  lane: LaneSchedule,
  buckets: ReadonlyMap<string, PairBucket>,
  ask: SlotAsk,
  nowMs: number,
): Reservation {
  const { intervalMs, burstMs } = ask.rate;
  const { reachMs, farMs, share } = ask.reach;
  const shareIntervalMs = intervalMs / share;
  const changed = new Map(buckets);
  let { nextMs } = lane;
  let shareMs = lane.shareMs[ask.priority];
  const answers: SlotAnswer[] = ask.pairs.map(() => ({ kind: 'none' }));
  for (const [i, pair] of ask.pairs.entries()) {
    const slotMs = Math.max(nextMs, nowMs - burstMs);
    const isNear = slotMs - nowMs <= reachMs;
    if (!isNear && !(slotMs - nowMs <= farMs && shareMs <= nowMs)) break;
    if (pair !== null) {
      const { bucket, afterMs } = takePairToken(changed.get(pair) ?? null, ask.pairLimit, nowMs);
      changed.set(pair, bucket);
      if (afterMs > 0) {
        answers[i] = { kind: 'pair', afterMs };
        continue;
      }
    }
    answers[i] = { kind: 'slot', afterMs: Math.max(0, slotMs - nowMs) };
    nextMs = slotMs + intervalMs;
    if (!isNear) shareMs = Math.max(shareMs, nowMs - BATCH_MS) + shareIntervalMs;
  }
  const againMs = Math.min(nextMs - reachMs, Math.max(shareMs, nextMs - farMs)) - nowMs + BATCH_MS;
  return {
    answers,
    againMs: Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, againMs)),
    lane: { nextMs, shareMs: { ...lane.shareMs, [ask.priority]: shareMs } },
    buckets: changed,
  };
}
