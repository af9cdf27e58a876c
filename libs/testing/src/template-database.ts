import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '#config';

/** Name of the migrated, empty database that each suite gets a copy of. */
export const TEMPLATE_DATABASE = 'herald_template';

/** Makes the template on a server: `prisma migrate deploy`, as an installation does it. */
export async function buildTemplateDatabase(serverUrl: string): Promise<void> {
  const binaries = join(projectRoot(), 'node_modules', '.bin');
  await promisify(execFile)(join(binaries, 'prisma'), ['migrate', 'deploy'], {
    cwd: projectRoot(),
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PATH: `${binaries}${delimiter}${process.env['PATH']}`,
      DATABASE_URL: databaseUrl(serverUrl, TEMPLATE_DATABASE),
    },
  });
}

/** The URL of another database of the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
