import { describe, expect, it } from '@jest/globals';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { monthBounds } from './month-bounds.js';

const made = (at: string) => uuidv7({ msecs: Date.parse(at) });
const startOf = (at: string) => uuidv7({ msecs: Date.parse(at), random: new Uint8Array(16), seq: 0 }).slice(0, 13);

describe('monthBounds', () => {
  it('are those of the month in UTC, from its first to its last millisecond', () => {
    for (const at of ['2026-11-01T00:00:00.000Z', '2026-11-17T10:00:00Z', '2026-11-30T23:59:59.999Z']) {
      const [least, greatest] = monthBounds([made(at)]);
      expect(least).toBe(`${startOf('2026-11-01T00:00:00Z')}-0000-0000-000000000000`);
      expect(greatest).toBe(`${startOf('2026-11-30T23:59:59.999Z')}-ffff-ffff-ffffffffffff`);
    }
  });

  it('are the first and the last of several months, whatever their order', () => {
    const [least, greatest] = monthBounds(
      ['2026-12-31T23:00:00Z', '2026-02-03T00:00:00Z', '2027-01-01T00:00:00Z'].map(made),
    );
    expect(least.slice(0, 13)).toBe(startOf('2026-02-01T00:00:00Z'));
    expect(greatest.slice(0, 13)).toBe(startOf('2027-01-31T23:59:59.999Z'));
  });

  it('hold each id that they are asked for, of whatever kind', () => {
    const ids = [
      ...Array.from({ length: 500 }, () => uuidv4()),
      uuidv7(),
      `${'f'.repeat(8)}-ffff-4fff-bfff-${'f'.repeat(12)}`,
    ];
    for (const id of ids) {
      const [least, greatest] = monthBounds([id]);
      expect(least <= id && id <= greatest).toBe(true);
    }
  });

  it('hold nothing when there is no id', () => {
    expect(monthBounds([])).toEqual(['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000']);
  });
});
