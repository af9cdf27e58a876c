export { describeError, withoutValues } from './domain/describe-error.js';
export { HealthService, type HealthReport, type Readiness } from './health/health.service.js';
export { OPEN_ROUTE, OpenRoute } from './health/open-route.decorator.js';
export { Logger, type LogFields } from './logger.js';
export { type Collector, MetricsService } from './metrics/metrics.service.js';
export { observeRequests } from './metrics/observe-requests.js';
export { NestLogger } from './nest-logger.js';
export { ObservabilityModule } from './observability.module.js';
export { type ProcessHost, reasonNotToStart, type RunOptions, runUntilSignal, type StopStep } from './run-process.js';
