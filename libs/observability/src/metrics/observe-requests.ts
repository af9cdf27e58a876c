import type { MetricsService } from './metrics.service.js';

/** The parts of Fastify that are needed to time requests. */
interface Server {
  addHook(name: 'onResponse', hook: (request: TimedRequest, reply: TimedReply, done: () => void) => void): unknown;
}
interface TimedRequest {
  method: string;
  routeOptions: { url?: string };
}
interface TimedReply {
  statusCode: number;
  elapsedTime: number;
}

/** Times every request by its route's template; one that meets no route counts as `none`. */
export function observeRequests(server: Server, metrics: MetricsService): void {
  server.addHook('onResponse', ({ method, routeOptions }, { statusCode, elapsedTime }, done) => {
    metrics.observeRequest({ method, route: routeOptions.url ?? 'none', status: statusCode }, elapsedTime / 1_000);
    done();
  });
}
