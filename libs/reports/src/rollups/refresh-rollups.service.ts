import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { countHours, findTouchedHours, lockRollups } from './rollups.query.js';

/** Hours of one transaction: at a hundred messages a second they hold about a million. */
const HOURS = 4;

/**
 * Counts what has changed into the rollups, hour by hour. Reports do not wait for it: an hour that is not counted yet is counted by
 * the views themselves, which takes longer. Safe to run twice at once.
 */
@Injectable()
export class RefreshRollupsService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** @returns how many hours were counted; 0 while another worker counts */
  async refresh(): Promise<number> {
    const startedAt = performance.now();
    let counted = 0;
    for (let found = HOURS; found === HOURS; counted += found)
      found = await this.database.transaction(async (tx) => {
        if (!(await lockRollups(tx))) return 0;
        const touched = await findTouchedHours(tx, HOURS);
        if (touched.length > 0) await countHours(tx, touched);
        return touched.length;
      });
    if (counted > 0)
      this.logger.debug('rollups.refreshed', {
        count: counted,
        durationMs: Math.round(performance.now() - startedAt),
      });
    return counted;
  }
}
