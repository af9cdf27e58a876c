import { Global, Module } from '@nestjs/common';
import { Environment } from '#config';
import { HealthController } from './health/health.controller.js';
import { HealthService } from './health/health.service.js';
import { Logger } from './logger.js';

/** The log and the health routes of one process. */
@Global()
@Module({
  controllers: [HealthController],
  providers: [
    HealthService,
    {
      provide: Logger,
      useFactory: (environment: Environment) => Logger.create(environment.LOG_LEVEL),
      inject: [Environment],
    },
  ],
  exports: [HealthService, Logger],
})
export class ObservabilityModule {}
