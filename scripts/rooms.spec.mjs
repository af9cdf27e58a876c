import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const rooms = ['apps', 'libs'].flatMap((kind) => readdirSync(new URL(kind, root)).map((name) => `${kind}/${name}`));

describe('the rooms of the repository', () => {
  it('are the projects of nest-cli.json', () => {
    const { projects } = JSON.parse(read('nest-cli.json'));
    const kinds = { application: 'apps', library: 'libs' };
    for (const [name, { type, root: folder, sourceRoot }] of Object.entries(projects))
      expect([name, folder, sourceRoot]).toEqual([name, `${kinds[type]}/${name}`, `${kinds[type]}/${name}/src`]);
    expect(
      Object.values(projects)
        .map(({ root: folder }) => folder)
        .sort(),
    ).toEqual(rooms.sort());
  });

  it('are all told of in docs/architecture.md', () => {
    const [, table = ''] = /## Rooms\n([^]*?)\n## /.exec(read('docs/architecture.md')) ?? [];
    const cells = [...table.matchAll(/^\| ([^|]*\S) +\|/gm)].map(([, cell]) => cell);
    // One cell tells of several: `apps/api` · `webhooks` · `worker`.
    const told = cells.flatMap((cell) => {
      const [first = '', ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      return [first, ...others.map((name) => `${first.split('/')[0]}/${name}`)];
    });
    for (const room of rooms) expect(told).toContain(room);
  });
});
