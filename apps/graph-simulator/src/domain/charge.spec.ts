import { describe, expect, it } from '@jest/globals';
import { chargeFor, eraAt } from './charge.js';
import type { Category, PricingEra } from './charge.js';

describe('chargeFor', () => {
  it.each<[Category, boolean, PricingEra, string]>([
    ['service', true, 'pmp1', 'free_customer_service'],
    ['utility', true, 'pmp1', 'free_customer_service'],
    ['utility', false, 'pmp1', 'regular'],
    ['marketing', true, 'pmp1', 'regular'],
    ['authentication', true, 'pmp1', 'regular'],
    ['service', true, 'pmp2', 'regular'],
    ['utility', true, 'pmp2', 'regular'],
    ['marketing_lite', false, 'pmp2', 'regular'],
  ])('%s, window open: %s, %s → %s', (category, isWindowOpen, era, type) => {
    const charge = chargeFor({ category, isWindowOpen, era, isGroup: false, entryPoint: null });
    expect(charge).toEqual({ type, category, origin: category, entryPoint: null });
  });

  it('is free in a free entry point window, whatever the category', () => {
    const entryPoint = { conversationId: 'c', openUntil: 1 };
    const charge = chargeFor({ category: 'marketing', isWindowOpen: false, era: 'pmp2', isGroup: false, entryPoint });
    expect(charge).toMatchObject({ type: 'free_entry_point', category: 'referral_conversion', entryPoint });
  });

  it('has categories of their own for groups', () => {
    const charge = chargeFor({ category: 'service', isWindowOpen: true, era: 'pmp2', isGroup: true, entryPoint: null });
    expect(charge.category).toBe('group_service');
  });
});

describe('eraAt', () => {
  it.each([
    ['2026-09-30T23:59:59Z', 'auto', 'pmp1'],
    ['2026-10-01T00:00:00Z', 'auto', 'pmp2'],
    ['2026-12-01T00:00:00Z', 'pmp1', 'pmp1'],
  ])('%s, %s → %s', (at, configured, era) => {
    expect(eraAt(Date.parse(at), configured)).toBe(era);
  });
});
