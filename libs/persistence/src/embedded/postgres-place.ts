import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyBinaries, locateBinaries } from './postgres-binaries.js';
import { canEnter, choosePostgresUser, type PostgresUser } from './postgres-user.js';

/** Where a server's parts lie, and who runs it. */
export interface PostgresPlace {
  binaries: string;
  data: string;
  user: PostgresUser;
}

/**
 * Finds the place for a data folder: the folder itself, with the binaries in node_modules. When root has cloned into a
 * folder that the plain user cannot enter, both are in a folder of their own under the temp directory instead, and
 * `<folder>.path` says where.
 */
export async function choosePlace(folder: string): Promise<PostgresPlace> {
  await mkdir(dirname(folder), { recursive: true });
  const binaries = await locateBinaries();
  const moved = await readMovedHome(folder);
  if (moved) return placeIn(moved, binaries);
  const user = await choosePostgresUser(folder);
  if (!('uid' in user) || canEnter(user, [binaries, dirname(folder)])) return { binaries, data: folder, user };
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new Error(`The user that runs Postgres (uid ${user.uid}) can no longer enter ${folder}, which holds data`);
  }
  const home = await mkdtemp(join(tmpdir(), 'herald-postgres-'));
  await chmod(home, 0o755);
  if (!canEnter(user, [home])) throw new Error(`The user that runs Postgres (uid ${user.uid}) cannot enter ${home}`);
  await writeFile(pathFile(folder), home);
  return placeIn(home, binaries);
}

async function placeIn(home: string, binaries: string): Promise<PostgresPlace> {
  const copy = join(home, 'binaries');
  if (!existsSync(copy)) await copyBinaries(binaries, copy);
  const data = join(home, 'data');
  return { binaries: copy, data, user: await choosePostgresUser(data) };
}

/** The temp directory may have been emptied since: then there is no such home any more. */
async function readMovedHome(folder: string): Promise<string | undefined> {
  const home = await readFile(pathFile(folder), 'utf8').catch(() => '');
  return home !== '' && existsSync(home) ? home : undefined;
}

const pathFile = (folder: string): string => `${folder}.path`;
