import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from '@jest/globals';
import { idsCreatedBetween } from './id-range.js';

const time = Date.UTC(2026, 10, 22, 12);
const hour = 60 * 60_000;

describe('idsCreatedBetween', () => {
  it('holds the ids of an hour before and after', () => {
    const { fromId, belowId } = idsCreatedBetween(new Date(time), new Date(time));
    const isInside = (msecs: number) => {
      const id = uuidv7({ msecs });
      return id >= String(fromId) && id < String(belowId);
    };
    expect([-hour - 1, -hour, 0, hour - 1, hour].map((offset) => isInside(time + offset))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('leaves a side open', () => expect(idsCreatedBetween(null, null)).toEqual({ fromId: null, belowId: null }));

  it.each([-1e15, 8.64e15])('can say %d', (extreme) => {
    const { fromId } = idsCreatedBetween(new Date(extreme), null);
    expect(fromId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-0000-0000-0{12}$/);
  });
});
