import { describe, expect, it } from '@jest/globals';
import type { Priority } from '#messages';
import { laneRate } from './lane-rate.js';
import { reachOf } from './priority-reach.js';
import { NEW_LANE, reserveSlots, type SlotAsk } from './reserve-slots.js';

const NOW = 1_000_000;
const AHEAD = { aheadMs: 2_000 };
const anAsk = (priority: Priority, count: number, { isFed = true, pair = null as string | null } = {}): SlotAsk => ({
  priority,
  rate: laneRate({ throughputLimit: 80, limitsMet: 0, isBroken: false }, { probeIntervalMs: 5_000 }),
  reach: reachOf(priority, { isFed, ...AHEAD }),
  pairLimit: { capacity: 45, refillMs: 6_000, marginMs: 2_500 },
  pairs: Array.from({ length: count }, () => pair),
});

/** Priorities that all have more than enough ask whenever they are told to. @returns what each sent, and when */
function run(asking: Priority[], durationMs: number) {
  let [lane, buckets] = [NEW_LANE, new Map()] as [typeof NEW_LANE, Map<string, never>];
  const asksAt = new Map(asking.map((priority) => [priority, NOW]));
  const sent: { priority: Priority; at: number }[] = [];
  for (let now = NOW; now < NOW + durationMs; now += 10)
    for (const priority of asking) {
      if ((asksAt.get(priority) ?? 0) > now) continue;
      const { answers, againMs, ...next } = reserveSlots(lane, buckets, anAsk(priority, 50), now);
      [lane, buckets] = [next.lane, next.buckets as typeof buckets];
      asksAt.set(priority, answers.some(({ kind }) => kind === 'none') ? now + againMs : now);
      for (const answer of answers) if (answer.kind === 'slot') sent.push({ priority, at: now + answer.afterMs });
    }
  return sent;
}
const inAnySecond = (moments: number[]) =>
  Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + 1_000).length));
const shareOf = (sent: ReturnType<typeof run>, priority: Priority, from = NOW + 4_000) => {
  const later = sent.filter(({ at }) => at >= from);
  return later.filter((one) => one.priority === priority).length / later.length;
};

describe('a lane', () => {
  it('gives slots one after the other, not in bursts', () => {
    const { answers } = reserveSlots(NEW_LANE, new Map(), anAsk('urgent', 50), NOW);
    const slots = answers.map((answer) => (answer.kind === 'slot' ? answer.afterMs : NaN));
    expect(slots.slice(0, 3)).toEqual([0, 0, expect.closeTo(0, 6)]); // a pause of 30 ms may be made up for
    for (let i = 4; i < slots.length; i += 1) expect(slots[i]! - slots[i - 1]!).toBeCloseTo(1_000 / 70, 6);
  });

  it('keeps its pace, and uses it', () => {
    const sent = run(['bulk'], 20_000).map(({ at }) => at);
    expect(inAnySecond(sent)).toBeLessThanOrEqual(73);
    expect(sent.length).toBeGreaterThanOrEqual(66 * 20);
  });

  it('gives no slot further ahead than the priority reaches', () => {
    const counts = (['urgent', 'standard', 'bulk'] as const).map((priority) => {
      const { answers, againMs } = reserveSlots(NEW_LANE, new Map(), anAsk(priority, 200), NOW);
      expect(againMs).toBeGreaterThan(0);
      return answers.filter(({ kind }) => kind === 'slot').length;
    });
    // by its reach, and what its share gives beyond: 0.75, 0.5 and 0.25 of two seconds at 70 a second
    expect(counts[0]).toBeGreaterThan(105);
    expect(counts[0]).toBeLessThan(125);
    expect(counts[1]).toBeGreaterThan(70);
    expect(counts[2]).toBeLessThan(50);
  });

  it('gives an urgent message a slot within a second, however much bulk is waiting', () => {
    let [lane, buckets] = [NEW_LANE, new Map()];
    for (let i = 0; i < 20; i += 1) ({ lane, buckets } = reserveSlots(lane, buckets, anAsk('bulk', 50), NOW));
    const { answers } = reserveSlots(lane, buckets, anAsk('urgent', 1, { isFed: false }), NOW);
    expect(answers).toEqual([{ kind: 'slot', afterMs: expect.any(Number) }]);
    expect(answers[0]!.kind === 'slot' && answers[0]!.afterMs).toBeLessThan(1_000);
  });
});

describe('priorities that all wait', () => {
  it('each have their share of the pace', () => {
    const sent = run(['bulk', 'standard', 'urgent'], 20_000);
    expect(shareOf(sent, 'urgent')).toBeGreaterThan(0.45);
    expect(shareOf(sent, 'standard')).toBeGreaterThan(0.2);
    expect(shareOf(sent, 'bulk')).toBeGreaterThan(0.12);
    expect(inAnySecond(sent.map(({ at }) => at))).toBeLessThanOrEqual(73);
  });

  it('leave what one of them does not need to the others, the more urgent one first', () => {
    const sent = run(['bulk', 'standard'], 20_000);
    expect(shareOf(sent, 'standard')).toBeGreaterThan(0.6);
    expect(shareOf(sent, 'bulk')).toBeGreaterThan(0.12);
  });
});

describe('a message that nobody fed', () => {
  it.each(['urgent', 'standard'] as const)('%s: goes at once while its own priority does not wait', (priority) => {
    const { answers } = reserveSlots(NEW_LANE, new Map(), anAsk(priority, 1, { isFed: false }), NOW);
    expect(answers).toMatchObject([{ kind: 'slot' }]);
  });

  it.each(['urgent', 'standard'] as const)('%s: takes its turn with those that wait already', (priority) => {
    const { lane, buckets } = reserveSlots(NEW_LANE, new Map(), anAsk(priority, 200), NOW);
    const { answers } = reserveSlots(lane, buckets, anAsk(priority, 1, { isFed: false }), NOW);
    expect(answers).toEqual([{ kind: 'none' }]);
  });
});

describe('a message whose recipient may get no more', () => {
  it('takes no slot of the lane', () => {
    let [lane, buckets] = [NEW_LANE, new Map()];
    ({ lane, buckets } = reserveSlots(lane, buckets, anAsk('urgent', 45, { pair: 'p' }), NOW));
    const { answers, lane: after } = reserveSlots(lane, buckets, anAsk('urgent', 2, { pair: 'p' }), NOW);
    expect(answers).toEqual([
      { kind: 'pair', afterMs: 8_500 },
      { kind: 'pair', afterMs: 14_500 },
    ]);
    expect(after.nextMs).toBe(lane.nextMs);
  });

  it('that has had its turn needs no further token', () => {
    const { lane, buckets } = reserveSlots(NEW_LANE, new Map(), anAsk('urgent', 46, { pair: 'p' }), NOW);
    const later = NOW + 8_500;
    expect(reserveSlots(lane, buckets, anAsk('urgent', 1), later).answers).toMatchObject([{ kind: 'slot' }]);
    expect(reserveSlots(lane, buckets, anAsk('urgent', 1, { pair: 'p' }), later).answers).toMatchObject([
      { kind: 'pair' },
    ]);
  });
});
