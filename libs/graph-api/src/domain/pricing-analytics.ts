import { asArray, asInteger, asObject, asText, type JsonObject } from './json.js';

/** What Meta says it billed in one slot of time, of one kind. Its own figures: approximate, and no invoice. */
export interface PricingPoint {
  /** UNIX seconds; of a daily point the midnight of the account's time zone. */
  start: number;
  /** Of the recipients, ISO 3166; null where Meta does not say. */
  country: string | null;
  /** Lower case, `_` for `-`: as in webhooks. */
  category: string;
  type: string;
  volume: number;
  /** Micro-units of the account's currency; null where Meta keeps it to itself, as on a partner's credit line. */
  costMicros: bigint | null;
}

/** Field of a business account with what was billed from `start` until `end` (UNIX seconds), by day, country, category and type. */
export function pricingAnalyticsField(start: number, end: number, after: string | null): string {
  const page = after === null ? '' : `.after(${after})`;
  return (
    `pricing_analytics.start(${start}).end(${end}).granularity(DAILY).metric_types(["COST","VOLUME"])` +
    `.dimensions(["COUNTRY","PRICING_CATEGORY","PRICING_TYPE"])${page}`
  );
}

/** The points of an answer, and the cursor of the next page; null when it has none of the shape. */
export function readPricingAnalytics(
  body: Readonly<Record<string, unknown>>,
): { points: PricingPoint[]; after: string | null } | null {
  const analytics = asObject(body['pricing_analytics']);
  // An account without traffic has no analytics at all.
  if (analytics === null) return 'id' in body ? { points: [], after: null } : null;
  const points = asArray(analytics['data']).flatMap((group) => asArray(asObject(group)?.['data_points']));
  const paging = asObject(analytics['paging']);
  const after = asText(asObject(paging?.['cursors'])?.['after']);
  return {
    points: points.flatMap((point) => readPoint(asObject(point)) ?? []),
    after: asText(paging?.['next']) === null ? null : after,
  };
}

function readPoint(point: JsonObject | null): PricingPoint | null {
  const [start, volume] = [asInteger(point?.['start']), asInteger(point?.['volume'])];
  const [category, type] = [asText(point?.['pricing_category']), asText(point?.['pricing_type'])];
  if (point === null || start === null || volume === null || category === null) return null;
  const cost = point['cost'];
  return {
    start,
    volume,
    country: asText(point['country']),
    category: wordOf(category),
    type: wordOf(type ?? 'regular'),
    costMicros: typeof cost === 'number' && Number.isFinite(cost) ? BigInt(Math.round(cost * 1e6)) : null,
  };
}

const wordOf = (word: string) => word.toLowerCase().replaceAll('-', '_');
