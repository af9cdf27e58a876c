import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type CloudRequest, readCloudRequest } from './cloud-request.js';

/** Gives a route what its body asks for. @throws RequestRefusedError as readCloudRequest does */
export const CloudBody = createParamDecorator((_data: unknown, context: ExecutionContext): CloudRequest =>
  readCloudRequest(context.switchToHttp().getRequest<FastifyRequest>().body),
);
