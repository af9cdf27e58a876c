import type { FastifyRequest } from 'fastify';

/** How long a body that was refused is read on, ms. */
const READ_ON_MS = 1_000;

/**
 * Reads the rest of a refused body, and forgets it: a caller that still writes when its connection closes sees a broken
 * connection, and never the answer. Resolves when the body has ended, or after a second.
 */
export function readOn({ raw }: Pick<FastifyRequest, 'raw'>): Promise<void> {
  if (raw.readableEnded || raw.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, READ_ON_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    raw.once('end', done).once('close', done).once('error', done).resume();
  });
}
