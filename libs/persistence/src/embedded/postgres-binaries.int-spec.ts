import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreLinks } from './postgres-binaries.js';

describe('restoreLinks', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'herald-spec-'));
    await mkdir(join(home, 'native/lib'), { recursive: true });
    await writeFile(join(home, 'native/lib/libicuuc.so.60.2'), 'library');
  });
  afterEach(() => rm(home, { recursive: true }));

  it('makes the links that the list names, and leaves those that are there', async () => {
    const list = [{ source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so.60' }];
    await writeFile(join(home, 'native/pg-symlinks.json'), JSON.stringify(list));
    await restoreLinks(join(home, 'native'));
    await restoreLinks(join(home, 'native'));
    expect(await readFile(join(home, 'native/lib/libicuuc.so.60'), 'utf8')).toBe('library');
  });

  it('does nothing for a package without a list', async () => {
    await expect(restoreLinks(join(home, 'native'))).resolves.toBeUndefined();
  });
});
