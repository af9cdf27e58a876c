import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { databaseUrl, TEMPLATE_DATABASE } from '#testing';

/** Makes the template database anew from the migrations of a tree. */
export async function prepareTemplate(folder, serverUrl) {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE_DATABASE} WITH (FORCE)`);
  await client.end();
  const binaries = join(folder, 'node_modules', '.bin');
  await promisify(execFile)(join(binaries, 'prisma'), ['migrate', 'deploy'], {
    cwd: folder,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PATH: `${binaries}${delimiter}${process.env.PATH}`,
      DATABASE_URL: databaseUrl(serverUrl, TEMPLATE_DATABASE),
    },
  });
}
