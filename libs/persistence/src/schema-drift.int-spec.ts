import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { projectRoot } from '#config';
import { createTestDatabase, type TestDatabase } from '#testing';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
}, 60_000);
afterAll(() => testDatabase.drop());

/** `npm run db:diff` on the test's database. 0 = they agree, 2 = they differ. */
function diff(): Promise<{ exitCode: number; output: string }> {
  const binaries = join(projectRoot(), 'node_modules', '.bin');
  const flags = ['--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code'];
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    PATH: `${binaries}${delimiter}${process.env['PATH']}`,
    DATABASE_URL: testDatabase.url,
  };
  return new Promise((resolve) => {
    execFile(join(binaries, 'prisma'), ['migrate', 'diff', ...flags], { cwd: projectRoot(), env }, (error, out, err) =>
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, output: out + err }),
    );
  });
}

describe('schema.prisma and the migrated database', () => {
  it('agree', async () => {
    expect(await diff()).toMatchObject({ exitCode: 0 });
  }, 60_000);

  it('do not agree once a column was added by hand', async () => {
    const client = new pg.Client({ connectionString: testDatabase.url });
    await client.connect();
    await client.query('ALTER TABLE message ADD COLUMN by_hand integer');
    await client.end();
    const { exitCode, output } = await diff();
    expect({ exitCode, output }).toMatchObject({ exitCode: 2, output: expect.stringContaining('by_hand') });
  }, 60_000);
});
