import { describe, expect, it } from '@jest/globals';
import { Watchdog } from './watchdog.js';

const setup = () => new Watchdog({ recreateAfterMs: 60, exitAfterMs: 180 });
const STALLED = { hasClaimable: true, lastClaimAt: null };

describe('the watchdog', () => {
  it('has the workers made anew once, then ends the process', () => {
    const watchdog = setup();
    const seen = [1_000, 1_059, 1_060, 1_061, 1_179, 1_180].map((now) => watchdog.look(STALLED, now));
    expect(seen).toEqual(['wait', 'wait', 'recreate', 'wait', 'wait', 'exit']);
  });

  it('is content as long as something is claimed', () => {
    const watchdog = setup();
    for (let now = 1_000; now < 2_000; now += 50)
      expect(watchdog.look({ hasClaimable: true, lastClaimAt: now - 1 }, now)).toBe('wait');
  });

  it('and as long as nothing waits, or nothing is known', () => {
    const watchdog = setup();
    watchdog.look(STALLED, 1_000);
    expect(watchdog.look({ hasClaimable: false, lastClaimAt: null }, 1_100)).toBe('wait');
    expect(watchdog.look(STALLED, 1_100)).toBe('wait');
    watchdog.forget();
    expect(watchdog.look(STALLED, 1_300)).toBe('wait');
    expect(watchdog.look(STALLED, 1_360)).toBe('recreate');
  });

  it('begins anew after a claim', () => {
    const watchdog = setup();
    watchdog.look(STALLED, 1_000);
    expect(watchdog.look(STALLED, 1_060)).toBe('recreate');
    expect(watchdog.look({ hasClaimable: true, lastClaimAt: 1_070 }, 1_100)).toBe('wait');
    expect(watchdog.look({ hasClaimable: true, lastClaimAt: 1_070 }, 1_160)).toBe('recreate');
  });
});
