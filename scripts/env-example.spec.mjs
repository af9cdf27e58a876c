import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const namesIn = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name).sort();

describe('.env.example', () => {
  it('lists every variable of the environment, and no other', () => {
    const known = namesIn(read('libs/config/src/environment.ts'), /^ {2}([A-Z][A-Z0-9_]*)[!?]?:/gm);
    const listed = namesIn(read('.env.example'), /^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm);
    expect(known.length).toBeGreaterThan(10);
    expect(listed).toEqual(known);
  });
});
