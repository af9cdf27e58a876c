import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config';
import type { Database } from './database.js';

/** Names of the migrations that this version of Herald needs and the database does not have. Empty = current. */
export async function missingMigrations(database: Database): Promise<string[]> {
  const entries = await readdir(join(projectRoot(), 'prisma', 'migrations'), { withFileTypes: true });
  const needed = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const applied = await database.prisma.$queryRaw<{ migration_name: string }[]>`
    SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const present = new Set(applied.map(({ migration_name }) => migration_name));
  return needed.filter((name) => !present.has(name)).sort();
}
