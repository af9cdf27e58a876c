import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Environment } from '#config';
import { HealthService, Logger } from '#observability';
import { Database } from './database.js';
import { missingMigrations } from './migrations-current.js';

/** The one Database of a process, and its part of readiness. Whoever owns the process closes it, last (protocol §12). */
@Global()
@Module({})
export class PersistenceModule {
  static with({ statementTimeoutMs }: { statementTimeoutMs: number }): DynamicModule {
    const open = (environment: Environment, logger: Logger, health: HealthService) => {
      const database = new Database({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        statementTimeoutMs,
        onIdleError: (error) => logger.warn('database.connection_lost', {}, error),
      });
      let isCurrent = false;
      health.add('postgres', async () => {
        await database.ping();
        isCurrent ||= (await missingMigrations(database)).length === 0;
        return isCurrent
          ? { status: 'up' }
          : { status: 'down', reason: 'migrations are missing: run npm run db:migrate' };
      });
      return database;
    };
    return {
      module: PersistenceModule,
      providers: [{ provide: Database, useFactory: open, inject: [Environment, Logger, HealthService] }],
      exports: [Database],
    };
  }
}
