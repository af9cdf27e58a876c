import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { pricingAnalyticsField, readPricingAnalytics } from './pricing-analytics.js';

describe('readPricingAnalytics', () => {
  it('reads what Meta answers', () => {
    const body = JSON.parse(readFixture('graph', 'pricing_analytics.json')) as Record<string, unknown>;
    expect(readPricingAnalytics(body)).toEqual({
      points: [
        { start: 1790812800, volume: 120, country: 'IN', category: 'utility', type: 'regular', costMicros: 168_000n },
        { start: 1790812800, volume: 3, country: 'US', category: 'marketing', type: 'regular', costMicros: 75_000n },
        {
          start: 1790812800,
          volume: 9,
          country: 'US',
          category: 'referral_conversion',
          type: 'free_entry_point',
          costMicros: 0n,
        },
      ],
      after: null,
    });
  });

  it('knows a cost that is kept back, skips what is no point, and finds the next page', () => {
    const point = { start: 1, volume: 2, pricing_category: 'AUTHENTICATION-INTERNATIONAL' };
    const paging = { cursors: { after: 'abc' }, next: 'https://graph.facebook.com/…' };
    expect(
      readPricingAnalytics({ pricing_analytics: { data: [{ data_points: [point, { start: 1 }, 'x'] }], paging } }),
    ).toEqual({
      points: [
        {
          start: 1,
          volume: 2,
          country: null,
          category: 'authentication_international',
          type: 'regular',
          costMicros: null,
        },
      ],
      after: 'abc',
    });
  });

  it('knows an account without traffic from an answer of another shape', () => {
    expect(readPricingAnalytics({ id: '1' })).toEqual({ points: [], after: null });
    expect(readPricingAnalytics({ hello: 1 })).toBeNull();
  });

  it('asks for the page of a cursor', () =>
    expect(pricingAnalyticsField(1, 2, 'abc')).toMatch(/^pricing_analytics\.start\(1\)\.end\(2\).*\.after\(abc\)$/));
});
