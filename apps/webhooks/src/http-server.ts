import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet from 'helmet';
import { type Logger, MetricsService, NestLogger, observeRequests } from '#observability';

/** Largest delivery, bytes: Meta sends up to 3 MB. */
const BODY_LIMIT = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 60_000;

/** The HTTP side of the webhooks process: every body is the bytes that came, up to 4 MiB (413 beyond). It does not listen yet. */
export async function createWebhooksApp(rootModule: DynamicModule, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
  });
  const app = await NestFactory.create<NestFastifyApplication>(rootModule, adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
    routeConflictPolicy: { duplicate: 'error' },
  });
  const server = adapter.getInstance();
  observeRequests(server, app.get(MetricsService));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
  // Made once: `@fastify/helmet` makes it anew for each request.
  const addSecurityHeaders = helmet();
  server.addHook('onRequest', (request, reply, done) => addSecurityHeaders(request.raw, reply.raw, () => done()));
  return app;
}
