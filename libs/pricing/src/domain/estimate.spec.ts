import { describe, expect, it } from '@jest/globals';
import { type EstimateBasis, expectCharge } from './estimate.js';

const SEPTEMBER = new Date('2026-09-15T12:00:00Z');
const OCTOBER = new Date('2026-10-15T12:00:00Z');
const aBasis = (basis: Partial<EstimateBasis> = {}): EstimateBasis => ({
  recipient: '5511987654321',
  timezone: 'UTC',
  category: null,
  fallbackCategory: null,
  windowPolicy: 'enforce',
  window: 'open',
  isFreeEntryPoint: false,
  sendAt: OCTOBER,
  ...basis,
});
const free = (because: string) => ({ kind: 'free', because });
const rated = (category: string) => ({ kind: 'rated', category });

describe('a message that is accepted is expected to be billed', () => {
  it.each<[string, Partial<EstimateBasis>, object]>([
    ['free-form, September', { sendAt: SEPTEMBER }, free('free_customer_service')],
    ['free-form, October', {}, rated('service')],
    ['free-form, window unknown', { window: 'unknown' }, rated('service')],
    ['free-form in a free entry point', { isFreeEntryPoint: true }, free('free_entry_point')],
    ['utility in the window, September', { category: 'utility', sendAt: SEPTEMBER }, free('free_customer_service')],
    ['utility outside, September', { category: 'utility', sendAt: SEPTEMBER, window: 'closed' }, rated('utility')],
    ['utility, window unknown', { category: 'utility', sendAt: SEPTEMBER, window: 'unknown' }, rated('utility')],
    ['utility in the window, October', { category: 'utility' }, rated('utility')],
    ['marketing in the window, September', { category: 'marketing', sendAt: SEPTEMBER }, rated('marketing')],
    ['authentication', { category: 'authentication' }, rated('authentication')],
    ['marketing in a free entry point', { category: 'marketing', isFreeEntryPoint: true }, free('free_entry_point')],
    ['free-form that will not be sent', { window: 'closed' }, free('window_closed')],
    ['free-form that Meta decides on', { window: 'closed', windowPolicy: 'trust_meta' }, rated('service')],
  ])('%s', (_name, basis, billing) => expect(expectCharge(aBasis(basis))).toMatchObject({ of: 'message', billing }));

  it('as its fallback where the window is closed, and as itself where it is not', () => {
    const fallback = { fallbackCategory: 'marketing' } as const;
    expect(expectCharge(aBasis({ ...fallback, window: 'closed' }))).toMatchObject({
      of: 'fallback',
      isSent: true,
      billing: rated('marketing'),
    });
    for (const window of ['open', 'unknown'] as const)
      expect(expectCharge(aBasis({ ...fallback, window }))).toMatchObject({ of: 'message', billing: rated('service') });
  });

  it('on the day of its account, which picks era and market', () => {
    const sendAt = new Date('2026-10-01T02:59:59Z');
    const recipient = '96550000001';
    expect(expectCharge(aBasis({ sendAt, recipient, timezone: 'America/Sao_Paulo' }))).toMatchObject({
      day: '2026-09-30',
      month: '2026-09-01',
      era: 'pmp_1',
      market: 'Rest of Middle East',
      billing: free('free_customer_service'),
    });
    const later = new Date('2026-10-01T03:00:00Z');
    expect(expectCharge(aBasis({ sendAt: later, recipient, timezone: 'America/Sao_Paulo' }))).toMatchObject({
      day: '2026-10-01',
      era: 'pmp_2',
      market: 'Kuwait',
      billing: rated('service'),
    });
  });
});
