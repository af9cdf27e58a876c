import type { FastifyReply } from 'fastify';
import type { Answer } from './problem.js';

/** Sends the answer to an error. */
export function sendProblem(reply: FastifyReply, { problem, retryAfterSeconds }: Answer): void {
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  // As bytes: to a text Fastify adds a charset, which JSON does not have.
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}
