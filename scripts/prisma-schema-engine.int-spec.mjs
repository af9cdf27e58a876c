import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startTestPostgres } from '#testing';

const TIMEOUT_MS = 60_000;
const root = join(import.meta.dirname, '..');

const SCHEMA = `
generator client {
  provider = "prisma-client"
  output   = "../generated"
}
datasource db {
  provider = "postgresql"
}
model Thing {
  id    String @id @db.Uuid
  name  String @unique
  count Int    @default(0)
  @@map("thing")
}
`;

/** A function body holds semicolons, a CHECK and a trigger are things that Prisma's schema cannot say. */
const MIGRATION = `
CREATE TABLE "thing" (
  "id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "count" INTEGER NOT NULL DEFAULT 0 CHECK ("count" >= 0),
  CONSTRAINT "thing_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "thing_name_key" ON "thing"("name");
CREATE FUNCTION "refuse_empty_name"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.name = '' THEN RAISE EXCEPTION 'a thing; with no name'; END IF;
  RETURN NEW;
END;
$$;
CREATE TRIGGER "refuse_empty_name" BEFORE INSERT ON "thing" FOR EACH ROW EXECUTE FUNCTION "refuse_empty_name"();
`;

let serverUrl;
const folders = [];

beforeAll(async () => {
  serverUrl = await startTestPostgres();
}, TIMEOUT_MS);
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A project with one migration, and the URL of a database of its own that does not exist yet. */
async function setup({ database = `engine ${folders.length}/${Date.now()}`, parameters = '' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'herald-engine-'));
  folders.push(folder);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await cp(join(root, 'prisma.config.ts'), join(folder, 'prisma.config.ts'));
  await cp(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  await mkdir(join(folder, 'prisma/migrations'), { recursive: true });
  await writeFile(join(folder, 'prisma/schema.prisma'), SCHEMA);
  await writeFile(join(folder, 'prisma/migrations/migration_lock.toml'), 'provider = "postgresql"\n');
  await addMigration(folder, '20260101000000_first', MIGRATION);
  const url = new URL(serverUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  url.search = parameters;
  return { folder, url: url.href };
}

async function addMigration(folder, name, sql) {
  await mkdir(join(folder, 'prisma/migrations', name));
  await writeFile(join(folder, 'prisma/migrations', name, 'migration.sql'), sql);
}

/** Runs the Prisma CLI as npm does, and gives its exit code and all it wrote. */
function prisma({ folder, url }, ...args) {
  const binaries = join(root, 'node_modules/.bin');
  const env = { PATH: `${binaries}:${process.env.PATH}`, HOME: folder, DATABASE_URL: url, CI: '1' };
  return new Promise((resolve) => {
    execFile(join(binaries, 'prisma'), args, { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ exitCode: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

const diff = (project, ...args) =>
  prisma(project, 'migrate', 'diff', ...args, '--to-schema', 'prisma/schema.prisma', '--exit-code');

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function editSchema({ folder }, from, to) {
  const path = join(folder, 'prisma/schema.prisma');
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

describe('the Prisma CLI on our schema engine', () => {
  it(
    'generates a client',
    async () => {
      const project = await setup();
      expect(await prisma(project, 'generate')).toMatchObject({ exitCode: 0 });
      expect(await readdir(join(project.folder, 'generated'))).toContain('client.ts');
    },
    TIMEOUT_MS,
  );

  it(
    'makes the database, migrates it once, and sees no difference then',
    async () => {
      const project = await setup();
      expect(await prisma(project, 'migrate', 'deploy')).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('All migrations have been successfully applied'),
      });
      await expect(query(project.url, "INSERT INTO thing VALUES (gen_random_uuid(), '')")).rejects.toThrow(
        'a thing; with no name',
      );
      expect(await prisma(project, 'migrate', 'deploy')).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('No pending migrations'),
      });
      expect(await prisma(project, 'migrate', 'status')).toMatchObject({ exitCode: 0 });
      expect(await diff(project, '--from-config-datasource')).toMatchObject({ exitCode: 0 });
      expect(await diff(project, '--from-migrations', 'prisma/migrations')).toMatchObject({ exitCode: 0 });
    },
    TIMEOUT_MS,
  );

  it(
    'ends `migrate diff` with 2 when the schema says something else',
    async () => {
      const project = await setup();
      await prisma(project, 'migrate', 'deploy');
      await editSchema(project, 'count Int', 'colour String?\n  count Int');
      for (const from of [['--from-config-datasource'], ['--from-migrations', 'prisma/migrations']]) {
        expect(await diff(project, ...from)).toMatchObject({ exitCode: 2, output: expect.stringContaining('colour') });
      }
    },
    TIMEOUT_MS,
  );

  it(
    'writes the next migration, and leaves no shadow database behind',
    async () => {
      const project = await setup();
      await prisma(project, 'migrate', 'deploy');
      await editSchema(project, 'count Int', 'colour String?\n  count Int');
      expect(await prisma(project, 'migrate', 'dev', '--name', 'colour')).toMatchObject({ exitCode: 0 });
      const names = await readdir(join(project.folder, 'prisma/migrations'));
      const made = names.find((name) => name.endsWith('_colour'));
      expect(await readFile(join(project.folder, 'prisma/migrations', made, 'migration.sql'), 'utf8')).toContain(
        'ADD COLUMN     "colour" TEXT',
      );
      expect(await query(project.url, 'SELECT colour FROM thing')).toEqual([]);
      expect(await query(serverUrl, "SELECT datname FROM pg_database WHERE datname LIKE '%shadow%'")).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'stops at a migration that fails, whole, and says where and why',
    async () => {
      const project = await setup();
      await addMigration(
        project.folder,
        '20260102000000_bad',
        'CREATE TABLE half (a int);\nCREATE TABLE thing (a int);',
      );
      expect(await prisma(project, 'migrate', 'deploy')).toMatchObject({
        exitCode: 1,
        output: expect.stringMatching(/relation "thing" already exists[\s\S]*20260102000000_bad/),
      });
      expect(await query(project.url, "SELECT to_regclass('half')::text AS half")).toEqual([{ half: null }]);
      expect(await prisma(project, 'migrate', 'deploy')).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining('P3009'),
      });
    },
    TIMEOUT_MS,
  );

  it(
    'lets several deploy at once',
    async () => {
      const project = await setup();
      const results = await Promise.all([1, 2, 3].map(() => prisma(project, 'migrate', 'deploy')));
      expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
      expect(await query(project.url, 'SELECT count(*)::int AS n FROM _prisma_migrations')).toEqual([{ n: 1 }]);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps to the schema that the URL names',
    async () => {
      const project = await setup({ parameters: '?schema=my+own&sslmode=disable&connect_timeout=5' });
      expect(await prisma(project, 'migrate', 'deploy')).toMatchObject({ exitCode: 0 });
      expect(await query(project.url, "SELECT schemaname FROM pg_tables WHERE tablename = 'thing'")).toEqual([
        { schemaname: 'my own' },
      ]);
      expect(await diff(project, '--from-config-datasource')).toMatchObject({ exitCode: 0 });
      expect(await diff(project, '--from-migrations', 'prisma/migrations')).toMatchObject({ exitCode: 0 });
    },
    TIMEOUT_MS,
  );

  const secret = 'not-for-your-eyes';
  it.each([
    ['an unreachable server', `postgresql://herald:${secret}@127.0.0.1:1/herald`, /P1001|Can't reach database server/],
    ['a URL that is none', `postgresql://herald:${secret}#@127.0.0.1:1/herald`, /P1013/],
    ['no URL', '', /url/i],
  ])(
    'names the trouble with %s and fails, without the password',
    async (_, url, message) => {
      const { folder } = await setup();
      const commands = [
        prisma({ folder, url }, 'migrate', 'deploy'),
        diff({ folder, url }, '--from-config-datasource'),
        diff({ folder, url }, '--from-migrations', 'prisma/migrations'),
      ];
      for (const { exitCode, output } of await Promise.all(commands)) {
        expect(exitCode).toBe(1);
        expect(output).toMatch(message);
        expect(output).not.toContain(secret);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'names a wrong password',
    async () => {
      const project = await setup();
      const url = project.url.replace(/:[^:@]*@/, ':wrong@');
      expect(await prisma({ ...project, url }, 'migrate', 'deploy')).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining('P1000'),
      });
    },
    TIMEOUT_MS,
  );
});
