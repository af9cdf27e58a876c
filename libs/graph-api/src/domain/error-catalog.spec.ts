import { describe, expect, it } from '@jest/globals';
import { listFixtures } from '../fixtures/read-fixture.js';
import { ERROR_CATALOG, isKnownError, lookupError } from './error-catalog.js';

const DOCUMENTED = [
  [0, 3, 10, 102, 104, 463, 467, 190, 200, 250, 299, 200005, 200006, 200007, 368, 130497, 131031],
  [4, 17, 32, 613, 80007, 80008, 130429, 131048, 131056, 131064, 133016],
  [
    1, 2, 33, 100, 130403, 130472, 131000, 131005, 131008, 131009, 131016, 131020, 131041, 131059, 131200, 131208,
    131215,
  ],
  [131021, 131026, 131030, 131037, 131042, 131044, 131045, 131047, 131049, 131050, 131051, 131052, 131053, 131055],
  [131057, 131060, 131061, 131062, 131063, 134011, 134100, 134101, 134102, 135000, 137000, 1752041],
  [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069, 139000, 139004],
  [2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299],
  [133000, 133004, 133005, 133006, 133008, 133009, 133010, 133015, 138000, 138006, 138009, 138012, 138018],
  [139100, 139101, 139102, 139103, 147001, 147005, 2388001, 2388012, 2388091, 2388093, 2388103, 2494100],
  [2494164, 2494179, 2593079, 2593085, 2593107, 2593108, 2593109, 400, 402, 470, 471, 1000, 1013, 2065],
].flat();

const numberIn = (file: string) => Number(/\d+/.exec(file));
const fixtures = [...listFixtures('graph'), ...listFixtures('webhooks')];
const fixtureCodes = fixtures.filter((file) => /^(error|status_failed)_\d+\.json$/.test(file)).map(numberIn);

describe('error catalog', () => {
  it('has a row for every documented code and every fixture', () => {
    expect(fixtureCodes.length).toBeGreaterThan(50);
    expect([...DOCUMENTED, ...fixtureCodes].filter((code) => !isKnownError(code))).toEqual([]);
  });

  it('says something in every row', () => {
    for (const { title, advice, source } of ERROR_CATALOG) {
      expect(title.trim()).not.toBe('');
      expect(advice).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:\/\//);
    }
  });

  it('names each code once, and each range once', () => {
    const exact = ERROR_CATALOG.flatMap(({ codes }) =>
      typeof codes === 'number' ? [codes] : 'from' in codes ? [] : codes,
    );
    expect(new Set(exact).size).toBe(exact.length);
    const ranges = ERROR_CATALOG.flatMap(({ codes }) => (typeof codes === 'object' && 'from' in codes ? [codes] : []));
    const sorted = ranges.toSorted((a, b) => a.from - b.from);
    for (const [place, range] of sorted.entries()) {
      expect(range.to).toBeGreaterThan(range.from);
      expect(range.from).toBeGreaterThan(sorted[place - 1]?.to ?? 0);
    }
  });

  it.each([
    [200, 'Permission missing or no token given'],
    [131208, 'Group call limit reached'],
    [1013, 'Recipient not valid (On-Premises)'],
    [138006, 'No permission to call'],
  ])('finds %i itself rather than the range around it', (code, title) => {
    expect(lookupError({ code }).title).toBe(title);
  });

  it.each([
    ['access_token', [0, 102, 104, 190, 463, 467]],
    ['waba', [3, 10, 200, 201, 299, 368, 131005, 131031, 131042, 131064]],
    ['sender', [33, 131037, 131045, 131048, 133010]],
    ['template', [132015]],
  ])('stops the %s for %j', (scope, codes) => {
    for (const code of codes) expect(lookupError({ code })).toMatchObject({ action: 'PAUSE', scope });
  });

  it.each([
    [4, 'RATE', 'app', undefined],
    [80007, 'RATE', 'waba', undefined],
    [130429, 'RATE', 'sender', undefined],
    [131056, 'RATE', 'pair', 6_000],
    [131057, 'RATE', 'sender', 60_000],
    [134101, 'RETRY', 'template', 600_000],
  ])('%i is %s of the %s', (code, action, scope, waitMs) => {
    expect(lookupError({ code })).toMatchObject({ action, scope });
    expect(lookupError({ code }).waitMs).toBe(waitMs);
  });
});

it('pauses a disabled template, though its message has failed', () => {
  expect(lookupError({ code: 132016 })).toMatchObject({ action: 'FAIL', scope: 'template', pausesScope: true });
});

describe('lookupError of an unknown code', () => {
  const code = 999_999;
  it.each([
    [{ isTransient: true, httpStatus: 400 }, 'RETRY', 3],
    [{ isTransient: true, httpStatus: 429 }, 'RETRY', 3],
    [{ httpStatus: 503 }, 'RETRY', 3],
    [{ httpStatus: 429 }, 'RATE', undefined],
    [{ httpStatus: 400 }, 'FIX', undefined],
    [{}, 'FAIL', undefined],
  ])('%j is %s', (sighting, action, maxAttempts) => {
    const rule = lookupError({ code, ...sighting });
    expect(rule.action).toBe(action);
    expect(rule.maxAttempts).toBe(maxAttempts);
    expect(isKnownError(code)).toBe(false);
  });

  it('does not overrule a row of the catalog', () => {
    expect(lookupError({ code: 131008, isTransient: true, httpStatus: 500 }).action).toBe('FIX');
  });
});
