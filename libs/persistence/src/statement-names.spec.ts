import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config';

/** A Statement as the code writes one. */
const STATEMENT = /\bname: '([^']+)',\s+(?:plan: 'generic',\s+)?sql:/g;

/** Statement name and file, for every statement of libs and apps. */
function statements(): { name: string; file: string }[] {
  return ['libs', 'apps'].flatMap((folder) =>
    readdirSync(join(projectRoot(), folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/generated|spec\.ts$|node_modules/.test(path))
      .flatMap((path) => {
        const text = readFileSync(join(projectRoot(), folder, path), 'utf8');
        return [...text.matchAll(STATEMENT)].map(([, name = '']) => ({ name, file: join(folder, path) }));
      }),
  );
}

describe('names of prepared statements', () => {
  const found = statements();

  it('are found', () => {
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['claim-due-messages', 'insert-messages']));
    expect(found.length).toBeGreaterThan(30);
  });

  it('are unique: on one connection a name stands for one text', () => {
    const files = Map.groupBy(found, ({ name }) => name);
    const shared = [...files].filter(([, uses]) => uses.length > 1);
    expect(shared.map(([name, uses]) => [name, ...uses.map(({ file }) => file)])).toEqual([]);
  });

  it('fit into a name of Postgres: longer ones would be cut, and could meet', () => {
    expect(found.filter(({ name }) => name.length > 63)).toEqual([]);
  });
});
