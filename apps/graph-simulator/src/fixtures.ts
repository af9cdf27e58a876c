import { readdirSync, readFileSync } from 'node:fs';

/** The same relative place under apps/ (sources, Jest) and under dist/ (the build copies JSON beside the code). */
const FIXTURES = new URL('../../../libs/graph-api/src/fixtures/', import.meta.url);

/** One recorded shape of Meta's API, e.g. `graph/error_190.json`. Throws when there is no such file. */
export function readFixture<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8')) as T;
}

/** File names in one fixture folder (`graph`, `send`, `webhooks`), sorted. */
export function listFixtures(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, FIXTURES)).sort();
}
