import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hashRequest } from '#access';
import { RequestRefusedError } from '../http/request.errors.js';
import { natureOf } from '../http/value-nature.js';

/** An Idempotency-Key and the hash of the request that it names. */
export interface Idempotency {
  key: string;
  hash: Buffer;
}

/** 1 to 255 visible ASCII characters. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Gives a route the Idempotency-Key of its request, or undefined when there is none. The hash is over the body as it was
 * parsed, before defaults, and over what only the address says. @throws RequestRefusedError for a key that cannot be one
 */
export const IdempotencyKey = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Idempotency | undefined => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined) return undefined;
    if (typeof key !== 'string' || !KEY.test(key)) {
      const message = `Idempotency-Key must be 1 to 255 visible ASCII characters; it is ${natureOf(key)}`;
      throw new RequestRefusedError('invalid_idempotency_key', message, [
        { field: 'Idempotency-Key', code: 'invalid_idempotency_key', message },
      ]);
    }
    const { method, body } = request;
    return { key, hash: hashRequest({ method, route: routeOf(request), body }) };
  },
);

/** The template of a route. On the drop-in API the sender stands in the address alone: to another one it is another request. */
function routeOf({ routeOptions: { url = '' }, params }: FastifyRequest): string {
  const { id } = params as { id?: string };
  return id === undefined ? url : url.replace(':id', id);
}
