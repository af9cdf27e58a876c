import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readServices } from './image-tree/compose.mjs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const namesIn = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name).sort();

describe('.env.example', () => {
  it('lists every variable of the environment, and no other', () => {
    const known = namesIn(read('libs/config/src/environment.ts'), /^ {2}([A-Z][A-Z0-9_]*)[!?]?:/gm);
    const listed = namesIn(read('.env.example'), /^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm);
    expect(known.length).toBeGreaterThan(10);
    expect(listed).toEqual(known);
  });

  it('knows every variable that Compose gives our processes', async () => {
    const listed = namesIn(read('.env.example'), /^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm);
    const services = Object.values(await readServices(fileURLToPath(new URL('..', import.meta.url))));
    const given = services
      .filter(({ build }) => build !== undefined)
      .flatMap(({ environment }) => Object.keys(environment));
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter((name) => !listed.includes(name) && !name.startsWith('SIMULATOR_'))).toEqual([]);
  });
});
