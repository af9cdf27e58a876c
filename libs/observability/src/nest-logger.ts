import type { LoggerService } from '@nestjs/common';
import { withoutValues } from './domain/describe-error.js';
import type { Logger } from './logger.js';

/** Hands Nest's own lines to our logger: warnings and errors, without values; the rest is noise. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(): void {}
  debug(): void {}
  verbose(): void {}

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn('nest.warning', { component: context(rest), reason: sentence(message) });
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(
      'nest.error',
      { component: context(rest), reason: sentence(message) },
      message instanceof Error ? message : undefined,
    );
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

const context = (rest: unknown[]) => (typeof rest.at(-1) === 'string' ? withoutValues(String(rest.at(-1))) : 'nest');
const sentence = (message: unknown) => withoutValues(message instanceof Error ? message.message : String(message));
