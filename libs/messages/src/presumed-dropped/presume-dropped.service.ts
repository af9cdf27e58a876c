import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database, newId } from '#persistence';
import { firstIdAt } from '../reads/domain/id-range.js';
import { type DroppedSweep, sweepsOf } from './domain/silence.js';
import { markDropped, readMark, readSilent, readTtls, writeMark } from './presumed-dropped.query.js';

/** Events of one run. */
const LIMIT = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Marks messages that Meta took and has not delivered within the time it tries to, and a buffer: it drops them without a word
 * (delivery protocol §3). A mark and no state: a late status takes it away.
 */
@Injectable()
export class PresumeDroppedService {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** Looks at what was accepted since the last sweep looked, and long enough ago. @returns how many messages were marked */
  async sweep(): Promise<number> {
    const { PRESUMED_DROPPED_AUTHENTICATION_MS, PRESUMED_DROPPED_MS } = this.environment;
    const silence = { authenticationMs: PRESUMED_DROPPED_AUTHENTICATION_MS, othersMs: PRESUMED_DROPPED_MS };
    let marked = 0;
    for (const sweep of sweepsOf(silence, await readTtls(this.database))) marked += await this.sweepOne(sweep);
    if (marked > 0) this.logger.info('messages.presumed_dropped', { count: marked });
    return marked;
  }

  private async sweepOne(sweep: DroppedSweep): Promise<number> {
    const { now, eventId } = await readMark(this.database, sweep);
    const belowId = firstIdAt(now.getTime() - sweep.silentMs);
    let marked = 0;
    for (let afterId = eventId ?? FIRST_ID; ;) {
      const { lastEventId, messageIds } = await readSilent(this.database, { sweep, afterId, belowId, limit: LIMIT });
      if (lastEventId === null) return marked;
      afterId = lastEventId;
      marked += await this.database.transaction(async (tx) => {
        const eventIds = messageIds.map(() => newId());
        const count = messageIds.length === 0 ? 0 : await markDropped(tx, messageIds, eventIds);
        await writeMark(tx, sweep, lastEventId);
        return count;
      });
    }
  }
}
