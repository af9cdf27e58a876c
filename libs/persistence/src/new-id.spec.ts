import { describe, expect, it } from '@jest/globals';
import { version } from 'uuid';
import { newId } from './new-id.js';

/** More than random bytes are asked for at once. */
const MANY = 5_000;

describe('newId', () => {
  const before = Date.now();
  const ids = Array.from({ length: MANY }, newId);

  it('are UUIDs of version 7 that tell when they were made, ms', () => {
    expect(new Set(ids.map(version))).toEqual(new Set([7]));
    const times = ids.map((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now());
  });

  it('are greater than the ones before', () => {
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(MANY);
  });

  it('differ in their random part', () => {
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(MANY);
  });
});
