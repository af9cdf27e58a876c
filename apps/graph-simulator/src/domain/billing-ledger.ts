import { priceOf } from './price-list.js';

/** A message that was delivered, as it is billed. */
export interface BilledMessage {
  wabaId: string;
  /** Digits of the business number. */
  phoneNumber: string;
  /** Of the customer, ISO 3166. */
  country: string;
  category: string;
  type: string;
  /** ms. */
  deliveredAt: number;
}

/** Which points are asked for: UNIX seconds, `end` exclusive. */
export interface AnalyticsQuery {
  start: number;
  end: number;
  granularity: 'HALF_HOUR' | 'DAILY' | 'MONTHLY';
  dimensions: readonly string[];
}

/** A point of `pricing_analytics`; dimensions that were not asked for are missing. */
export type AnalyticsPoint = { start: number; end: number; volume: number; cost: number } & Partial<
  Record<'country' | 'phone_number' | 'pricing_category' | 'pricing_type' | 'tier', string>
>;

/** Local days begin at a multiple of it everywhere, seconds. */
const SLOT = 900;
const HALF_HOUR = 1_800;
const EVERYTHING = '0:MAX';

type Kind = Omit<BilledMessage, 'deliveredAt'>;

/** What the platform billed, kept as counts by quarter of an hour. List prices: volume tiers are not simulated. */
export class BillingLedger {
  private readonly slots = new Map<number, Map<string, { kind: Kind; volume: number }>>();

  /** Bills a message at the time of its delivery. */
  add({ deliveredAt, ...kind }: BilledMessage): void {
    const at = Math.floor(deliveredAt / 1_000 / SLOT) * SLOT;
    const slot = this.slots.get(at) ?? new Map<string, { kind: Kind; volume: number }>();
    const key = Object.values(kind).join(' ');
    slot.set(key, { kind, volume: (slot.get(key)?.volume ?? 0) + 1 });
    this.slots.set(at, slot);
  }

  /** The points of an account, in the order of time; days and months are of `timeZone`. */
  points(wabaId: string, query: AnalyticsQuery, timeZone: string): AnalyticsPoint[] {
    const points = new Map<string, { point: AnalyticsPoint; micros: number }>();
    for (const [at, slot] of [...this.slots].sort(([a], [b]) => a - b)) {
      if (at < query.start || at >= query.end) continue;
      const { start, end } = spanOf(at, query.granularity, timeZone);
      for (const { kind, volume } of slot.values()) {
        if (kind.wabaId !== wabaId) continue;
        const dimensions = dimensionsOf(kind, query.dimensions);
        const key = [start, ...Object.values(dimensions)].join(' ');
        const { point, micros } = points.get(key) ?? {
          point: { start, end, ...dimensions, volume: 0, cost: 0 },
          micros: 0,
        };
        const cost = micros + volume * priceOf(kind.country, kind.category, kind.type);
        points.set(key, { point: { ...point, volume: point.volume + volume, cost: cost / 1e6 }, micros: cost });
      }
    }
    return [...points.values()].map(({ point }) => point);
  }

  /** Forgets all that was billed. */
  clear(): void {
    this.slots.clear();
  }
}

function dimensionsOf({ country, phoneNumber, category, type }: Kind, asked: readonly string[]) {
  return {
    ...(asked.includes('COUNTRY') ? { country } : {}),
    ...(asked.includes('PHONE') ? { phone_number: phoneNumber } : {}),
    ...(asked.includes('TIER') ? { tier: EVERYTHING } : {}),
    ...(asked.includes('PRICING_TYPE') ? { pricing_type: type.toUpperCase() } : {}),
    ...(asked.includes('PRICING_CATEGORY') ? { pricing_category: shownCategory(category, type) } : {}),
  };
}

/** Analytics have no groups, and call whatever is free in an open window a service message. */
const shownCategory = (category: string, type: string) =>
  type === 'free_customer_service' ? 'SERVICE' : category.replace(/^group_/, '').toUpperCase();

function spanOf(at: number, granularity: AnalyticsQuery['granularity'], timeZone: string) {
  if (granularity === 'HALF_HOUR') {
    const start = Math.floor(at / HALF_HOUR) * HALF_HOUR;
    return { start, end: start + HALF_HOUR };
  }
  const nameOf = nameIn(timeZone, granularity === 'DAILY' ? 10 : 7);
  const name = nameOf(at);
  let [start, end] = [at, at + SLOT];
  while (nameOf(start - SLOT) === name) start -= SLOT;
  while (nameOf(end) === name) end += SLOT;
  return { start, end };
}

/** Names the day (10 letters) or month (7) of an instant. */
function nameIn(timeZone: string, letters: number): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone });
  return (at) => format.format(new Date(at * 1_000)).slice(0, letters);
}
