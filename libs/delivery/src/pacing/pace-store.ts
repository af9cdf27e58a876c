import type { SlotAnswers, SlotAsk } from './domain/reserve-slots.js';

/** Where the schedules of lanes and the buckets of pairs are kept. What it loses costs pace for a moment, nothing else. */
export interface PaceStore {
  /** Takes slots and tokens, all of an ask at once. `pairs` are keyed hashes. @throws when the store cannot be reached */
  reserve(lane: string, ask: SlotAsk): Promise<SlotAnswers>;
  /** Forgets what is as good as new. */
  tidy(): Promise<void>;
}
