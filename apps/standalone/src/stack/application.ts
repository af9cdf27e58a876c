import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Environment } from '#config';
import { GraphClient } from '#graph-api';
import { HealthService, type Logger, type StopStep } from '#observability';
import { Database } from '#persistence';
import { Queues } from '#queues';
import { createHttpApp } from '../../../api/src/http-server.js';
import { WorkerRuntime } from '../../../worker/src/worker-runtime.js';
import { StandaloneModule } from '../standalone.module.js';

/** Longest wait for sends under way (delivery protocol §12), ms. */
const DRAIN_MS = 35_000;

/** Makes the one Nest application of the three processes. It neither listens nor works yet. */
export async function createApplication(environment: Environment, logger: Logger): Promise<NestFastifyApplication> {
  return createHttpApp(StandaloneModule.with(environment), logger);
}

/** Lets it listen, then work. */
export async function runApplication(app: NestFastifyApplication, { PORT, HOST }: Environment): Promise<void> {
  await app.listen(PORT, HOST);
  await app.get(WorkerRuntime).start();
}

/**
 * The end of the application, in the order of the delivery protocol §12. The Nest application itself is not closed: its
 * hooks would close queues under sends that still have to be written down.
 */
export function applicationStopSteps(app: NestFastifyApplication): StopStep[] {
  const worker = app.get(WorkerRuntime);
  const http: FastifyInstance = app.getHttpAdapter().getInstance();
  return [
    ['readiness', () => app.get(HealthService).stop()],
    ['loops', () => worker.stopLoops()],
    ['pause', () => worker.pause()],
    ['http', () => http.close()],
    ['drain', () => worker.drain(DRAIN_MS)],
    ['workers', () => worker.close()],
    ['journal', () => worker.flush()],
    ['queues', () => app.get(Queues).close()],
    ['graph', () => app.get(GraphClient).close()],
    ['database', () => app.get(Database).close()],
  ];
}
