import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresPlace } from './postgres-place.js';
import type { PostgresUser } from './postgres-user.js';
import { initdbArguments } from './postgres-settings.js';

/** Name of the owner of an embedded cluster and of its databases. */
export const POSTGRES_USER = 'herald';

/**
 * Makes a cluster in an empty or missing data folder; leaves a folder that holds a cluster alone. It is made beside and
 * then moved, so a data folder is never half made. Throws when the folder holds something else.
 */
export async function ensureCluster(
  place: PostgresPlace,
  { password, isDurable }: { password: string; isDurable: boolean },
): Promise<void> {
  if (await holdsCluster(place.data)) return;
  const staging = await mkdtemp(`${place.data}.new-`);
  try {
    await writeFile(join(staging, 'password'), password, { mode: 0o600 });
    await giveTo(place.user, [staging, join(staging, 'password')]);
    await promisify(execFile)(
      join(place.binaries, 'bin/initdb'),
      [...initdbArguments({ isDurable }), `--username=${POSTGRES_USER}`, '--pwfile=password', '--pgdata=data'],
      { ...place.user, cwd: staging, env: { LC_ALL: 'C' } },
    );
    await moveIntoPlace(join(staging, 'data'), place.data);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`Postgres cannot make its data folder ${place.data}: ${stderr || message}`, { cause: error });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function holdsCluster(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.includes('PG_VERSION')) return true;
  if (names.length === 0) return false;
  throw new Error(`${folder} is neither empty nor a Postgres data folder: move it away`);
}

async function moveIntoPlace(made: string, folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
  // Not empty any more: another process was faster, and its cluster is as good.
  await rename(made, folder).catch(async (error: unknown) => {
    if (!(await holdsCluster(folder))) throw error;
  });
}

async function giveTo(user: PostgresUser, paths: string[]): Promise<void> {
  if ('uid' in user) await Promise.all(paths.map((path) => chown(path, user.uid, user.gid)));
}
