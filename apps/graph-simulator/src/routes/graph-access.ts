import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { graphError } from '../graph-errors.js';
import type { Simulator } from '../simulator.js';

/** First segment of every Graph path, `v25.0`; anything else is an unknown path. */
export const GRAPH_VERSION = '/:version(^v\\d+\\.\\d+$)';

/** Whether a request carries a bearer token that is accepted at the moment. */
export function isTokenValid({ settings }: Simulator, request: FastifyRequest): boolean {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return false;
  return settings.accessTokens.length === 0 || settings.accessTokens.includes(token);
}

/** Answers every request of these routes without an accepted token with error 190. */
export function requireToken(app: FastifyInstance, simulator: Simulator): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isTokenValid(simulator, request)) return sendGraphError(reply, 190);
  });
}

/** Writes a Graph error. */
export function sendGraphError(reply: FastifyReply, code: number, details?: string): FastifyReply {
  const { httpStatus, body } = graphError(code, details);
  return reply.code(httpStatus).send(body);
}

/** Writes the Graph error for an id that nothing has. */
export function sendUnknownObject(reply: FastifyReply, id: string): FastifyReply {
  const { httpStatus, body } = graphError(33, undefined, `Object with ID '${id}' does not exist or cannot be loaded`);
  return reply.code(httpStatus).send(body);
}
