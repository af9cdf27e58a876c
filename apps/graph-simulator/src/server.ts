import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { graphError, newTraceId } from './graph-errors.js';
import { controlRoutes } from './routes/control.routes.js';
import { sendGraphError } from './routes/graph-access.js';
import { mediaRoutes } from './routes/media.routes.js';
import { nodeRoutes } from './routes/node.routes.js';
import { sendRoutes } from './routes/send.routes.js';
import { templateRoutes } from './routes/template.routes.js';
import type { Simulator } from './simulator.js';

const VERSION = /^\/(v\d+\.\d+)\//;

/** The HTTP face of a simulator: Graph API, health and control API. */
export function buildServer(simulator: Simulator): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    keepAliveTimeout: 60_000,
    routerOptions: { maxParamLength: 300 },
  });
  app.addHook('onRequest', async (request, reply) => {
    const version = VERSION.exec(request.url)?.[1];
    if (version !== undefined) reply.header('facebook-api-version', version).header('x-fb-trace-id', newTraceId());
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(400).send(graphError(2500, undefined, `Unknown path components: ${request.url.split('?')[0]}`).body),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    sendGraphError(reply, (error.statusCode ?? 500) < 500 ? 100 : 131000, error.message),
  );
  app.get('/health/live', () => ({ status: 'ok' }));
  app.get('/health/ready', () => ({ status: 'ok' }));
  sendRoutes(app, simulator);
  mediaRoutes(app, simulator);
  nodeRoutes(app, simulator);
  templateRoutes(app, simulator);
  controlRoutes(app, simulator);
  return app;
}
