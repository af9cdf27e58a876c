import type { FastifyReply } from 'fastify';
import type { Answer } from '../http/problem.js';
import { graphErrorOf } from './graph-error.js';

/** Sends the answer to an error in Meta's shape. */
export function sendGraphError(reply: FastifyReply, answer: Answer): void {
  const { status, body } = graphErrorOf(answer);
  const { retryAfterSeconds } = answer;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
  if (status === 401) void reply.header('www-authenticate', 'OAuth "Facebook Platform" "invalid_token"');
  void reply
    .status(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify(body)));
}
