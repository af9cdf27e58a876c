import { keyPrefix, type RedisClient } from '#queues';
import type { SlotAnswer, SlotAnswers, SlotAsk } from './domain/reserve-slots.js';
import type { PaceStore } from './pace-store.js';
import { RESERVE_SLOTS_LUA } from './redis-pace.lua.js';

type Reserve = (keyCount: number, ...keysAndValues: (string | number)[]) => Promise<string[]>;

/** The pace in Redis: one script an ask, by Redis' clock. Keys of a lane share a hash tag and end when they are as good as new. */
export class RedisPaceStore implements PaceStore {
  /** @param nowMs a clock in place of Redis', for tests */
  constructor(
    private readonly redis: RedisClient,
    private readonly nowMs: () => number | '' = () => '',
  ) {
    redis.defineCommand('heraldReserveSlots', { lua: RESERVE_SLOTS_LUA });
  }

  async reserve(lane: string, ask: SlotAsk): Promise<SlotAnswers> {
    const prefix = keyPrefix(`pace.${lane}`);
    const pairs = [...new Set(ask.pairs)].filter((pair) => pair !== null);
    const keys = [prefix, ...pairs.map((pair) => `${prefix}:${pair}`)];
    const { rate, reach, pairLimit, priority } = ask;
    const reserve = (this.redis as unknown as { heraldReserveSlots: Reserve }).heraldReserveSlots.bind(this.redis);
    const said = await reserve(
      keys.length,
      ...keys,
      this.nowMs(),
      rate.intervalMs,
      rate.burstMs,
      reach.reachMs,
      reach.farMs,
      reach.share,
      priority,
      pairLimit.capacity,
      pairLimit.refillMs,
      pairLimit.marginMs,
      ...ask.pairs.map((pair) => (pair === null ? 0 : pairs.indexOf(pair) + 2)),
    );
    return { answers: said.slice(0, -1).map(toAnswer), againMs: Number(said.at(-1)) };
  }

  /** Redis does it by itself: every key has an end. */
  async tidy(): Promise<void> {}
}

function toAnswer(said: string): SlotAnswer {
  if (said === '') return { kind: 'none' };
  return { kind: said.startsWith('s') ? 'slot' : 'pair', afterMs: Number(said.slice(1)) };
}
