import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from '#observability';
import { isCloudPath } from '../cloud-api/cloud-path.js';
import { sendGraphError } from '../cloud-api/send-graph-error.js';
import { answerTo } from './problem.js';
import { RequestRefusedError } from './request.errors.js';
import { sendProblem } from './send-problem.js';

/** Answers every error with a problem, or on the drop-in API with an error of Meta's shape; what is our own fault is logged under the id that the problem names. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const answer = answerTo(isTooLarge(error) ? refuseSize(request) : error, request.id);
    if (answer.isOurs) {
      const { status, code } = answer.problem;
      const route = request.routeOptions.url ?? 'none';
      this.logger.error(
        'request.failed',
        { requestId: request.id, method: request.method, route, status, code },
        error,
      );
    }
    const send = isCloudPath(request.url) ? sendGraphError : sendProblem;
    send(http.getResponse<FastifyReply>(), answer);
  }
}

/** Fastify counts a body and says no more of one that is over its route's limit. */
const isTooLarge = (error: unknown) =>
  (error instanceof HttpException && error.getStatus() === 413) ||
  (error instanceof Error && 'statusCode' in error && error.statusCode === 413);

function refuseSize({ routeOptions, headers }: FastifyRequest): RequestRefusedError {
  const size = headers['content-length'] === undefined ? 'more' : headers['content-length'];
  return new RequestRefusedError(
    'body_too_large',
    `The body may have at most ${routeOptions.bodyLimit} bytes; it has ${size}`,
  );
}
