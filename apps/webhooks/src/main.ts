import { type Environment, readEnvironment } from '#config';
import { HealthService, Logger, reasonNotToStart, runUntilSignal } from '#observability';
import { Database } from '#persistence';
import { Queues } from '#queues';
import { createWebhooksApp } from './http-server.js';
import { WebhooksRootModule } from './root.module.js';

/** Hard end of a shutdown (delivery protocol §12), ms. */
const STOP_DEADLINE_MS = 45_000;

async function main(environment: Environment): Promise<void> {
  const logger = Logger.create(environment.LOG_LEVEL);
  const app = await createWebhooksApp(WebhooksRootModule.with(environment), logger);
  await app.listen(environment.PORT, environment.HOST);
  runUntilSignal({
    steps: [
      ['readiness', () => app.get(HealthService).stop()],
      ['http', () => app.close()],
      ['queues', () => app.get(Queues).close()],
      ['database', () => app.get(Database).close()],
    ],
    deadlineMs: STOP_DEADLINE_MS,
    logger,
  });
  const { port } = app.getHttpServer().address() as { port: number };
  logger.info('webhooks.listening', { port });
  process.send?.({ port });
}

try {
  await main(readEnvironment(process.env));
} catch (error) {
  process.stderr.write(`${reasonNotToStart(error)}\n`);
  process.exit(1);
}
