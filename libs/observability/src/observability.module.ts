import { Global, Module } from '@nestjs/common';
import { Environment } from '#config';
import { HealthController } from './health/health.controller.js';
import { HealthService } from './health/health.service.js';
import { Logger } from './logger.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';

/** The log, the health routes and the metrics of one process. */
@Global()
@Module({
  controllers: [HealthController, MetricsController],
  providers: [
    HealthService,
    MetricsService,
    {
      provide: Logger,
      useFactory: (environment: Environment) => Logger.create(environment.LOG_LEVEL),
      inject: [Environment],
    },
  ],
  exports: [HealthService, Logger, MetricsService],
})
export class ObservabilityModule {}
