import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from '#observability';
import { answerTo } from './problem.js';
import { sendProblem } from './send-problem.js';

/** Answers every error with a problem; what is our own fault is logged under the id that the problem names. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const answer = answerTo(error, request.id);
    if (answer.isOurs) {
      const { status, code } = answer.problem;
      const route = request.routeOptions.url ?? 'none';
      this.logger.error(
        'request.failed',
        { requestId: request.id, method: request.method, route, status, code },
        error,
      );
    }
    sendProblem(http.getResponse<FastifyReply>(), answer);
  }
}
