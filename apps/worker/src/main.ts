import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Environment, readEnvironment } from '#config';
import { GraphClient } from '#graph-api';
import { HealthService, Logger, NestLogger, reasonNotToStart, runUntilSignal } from '#observability';
import { Database } from '#persistence';
import { Queues } from '#queues';
import { WorkerRootModule } from './root.module.js';
import { WorkerRuntime } from './worker-runtime.js';

/** How long requests under way may take to end, and the hard end of a shutdown (delivery protocol §12), ms. */
const DRAIN_MS = 35_000;
const STOP_DEADLINE_MS = 45_000;

/** Starts the worker process: health routes, then processors and loops. */
async function main(environment: Environment): Promise<void> {
  const logger = Logger.create(environment.LOG_LEVEL);
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerRootModule.with(environment),
    new FastifyAdapter(),
    {
      logger: new NestLogger(logger),
      abortOnError: false,
    },
  );
  await app.listen(environment.PORT, environment.HOST);
  const { port } = app.getHttpServer().address() as { port: number };
  const worker = app.get(WorkerRuntime);
  runUntilSignal({
    steps: [
      ['readiness', () => app.get(HealthService).stop()],
      ['loops', () => worker.stopLoops()],
      ['pause', () => worker.pause()],
      ['http', () => app.close()],
      ['drain', () => worker.drain(DRAIN_MS)],
      ['workers', () => worker.close()],
      ['journal', () => worker.flush()],
      ['queues', () => app.get(Queues).close()],
      ['graph', () => app.get(GraphClient).close()],
      ['database', () => app.get(Database).close()],
    ],
    deadlineMs: STOP_DEADLINE_MS,
    logger,
  });
  await worker.start();
  logger.info('worker.listening', { port });
  process.send?.({ port });
}

try {
  await main(readEnvironment(process.env));
} catch (error) {
  process.stderr.write(`${reasonNotToStart(error)}\n`);
  process.exit(1);
}
