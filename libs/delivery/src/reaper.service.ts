import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database, newId } from '#persistence';
import { graceOf } from './domain/grace.js';
import { expireLeases } from './queries/expire-leases.query.js';

const MAX_ROWS = 500;

/** Ends the attempts of workers that were never heard of again (T4). Safe to run twice at once. */
@Injectable()
export class ReaperService {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** @returns how many messages became uncertain */
  async reap(): Promise<number> {
    const grace = graceOf(this.environment.UNCERTAIN_GRACE_MS);
    let reaped = 0;
    for (let found = MAX_ROWS; found === MAX_ROWS; reaped += found) {
      const eventIds = Array.from({ length: MAX_ROWS }, () => newId());
      found = (await expireLeases(this.database, eventIds, grace)).length;
    }
    if (reaped > 0) this.logger.warn('leases.expired', { count: reaped });
    return reaped;
  }
}
