export { coalesce, type CoalesceOptions } from './coalesce.js';
export { Database, type DatabaseOptions } from './database.js';
export { databaseErrorKind, sqlState, violatedConstraint, type DatabaseErrorKind } from './domain/database-error.js';
export { monthBounds } from './domain/month-bounds.js';
export {
  startEmbeddedPostgres,
  startThrowawayPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/embedded-postgres.js';
export { type HomeDatabase, openHomeDatabase } from './embedded/home-database.js';
export { isMigrated, migrateDatabase } from './embedded/migrate-database.js';
export { Prisma, PrismaClient } from './generated/prisma/client.js';
export { missingMigrations } from './migrations-current.js';
export { newId } from './new-id.js';
export { PersistenceModule } from './persistence.module.js';
export { retryUnit } from './retry-unit.js';
export { Session } from './session.js';
export type { Statement, Tx } from './tx.js';
