import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database, newId } from '#persistence';
import { AttachOrphansService } from './attach-orphans.service.js';
import { expireMessages } from './queries/expire-messages.query.js';

const MAX_ROWS = 1_000;

/** Ends what waited beyond its time (T9) and gives late statuses their message. Safe to run twice at once. */
@Injectable()
export class SweeperService {
  constructor(
    private readonly database: Database,
    private readonly orphans: AttachOrphansService,
    private readonly logger: Logger,
  ) {}

  async sweep(): Promise<void> {
    let expired = 0;
    for (let found = MAX_ROWS; found === MAX_ROWS; expired += found) {
      const eventIds = Array.from({ length: MAX_ROWS }, () => newId());
      found = (await expireMessages(this.database, eventIds)).length;
    }
    const attached = await this.orphans.attach(null);
    await this.orphans.forgetOld();
    if (expired + attached > 0) this.logger.info('sweep.done', { count: expired, items: attached });
  }
}
