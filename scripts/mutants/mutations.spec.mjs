import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MUTATIONS } from './mutations.mjs';

const root = join(import.meta.dirname, '..', '..');

describe('a mutation', () => {
  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation]))(
    '%s breaks what is there, and once',
    (_name, { file, find, replace, test }) => {
      expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
      expect(test.name.length).toBeGreaterThan(5);
    },
  );

  it('is there for each guard that the protocol leans on', () => {
    expect(MUTATIONS.map(({ name }) => name)).toEqual([
      'fence check',
      'late results (T3s)',
      'inbox watermark',
      'status channel',
      'pair limit',
      'one open attempt',
    ]);
  });
});
