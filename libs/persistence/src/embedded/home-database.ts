import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { livePidOf, LockFile, markOf } from '#config';
import { startEmbeddedPostgres } from './embedded-postgres.js';

/** The embedded database of a home folder, in use by this process. */
export interface HomeDatabase {
  url: string;
  /** Stops it, unless another process uses it too. */
  release: () => Promise<void>;
}

/**
 * Starts the embedded Postgres of a home folder, or uses the one that runs: a stack, commands beside it, or what a killed
 * process left behind. Every user is written down, so that the last one stops it and no earlier one does.
 */
export async function openHomeDatabase(home: string, password: string): Promise<HomeDatabase> {
  const lock = new LockFile(join(home, 'pg.lock'));
  const users = new Users(join(home, 'pg.users'));
  return lock.during(async () => {
    users.add();
    try {
      const postgres = await startEmbeddedPostgres({ folder: join(home, 'pg'), password });
      const release = async () => {
        users.remove();
        if (users.isEmpty()) await postgres.stop();
      };
      return { url: postgres.url, release: () => lock.during(release) };
    } catch (error) {
      users.remove();
      throw error;
    }
  });
}

/** The living processes that use the server: a file each, named by its pid. */
class Users {
  constructor(private readonly folder: string) {}

  add(): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.own(), markOf(process.pid) ?? '');
  }

  remove(): void {
    rmSync(this.own(), { force: true });
  }

  /** Also forgets those that were killed. */
  isEmpty(): boolean {
    const paths = readdirSync(this.folder).map((name) => join(this.folder, name));
    const gone = paths.filter((path) => livePidOf(readFileSync(path, 'utf8')) === undefined);
    for (const path of gone) rmSync(path, { force: true });
    return gone.length === paths.length;
  }

  private own(): string {
    return join(this.folder, String(process.pid));
  }
}
