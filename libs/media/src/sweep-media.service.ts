import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { MediaLibrary } from './media-library.js';
import { claimRemains, expireUnused, findBrokenOff } from './queries/sweep-media.query.js';
import { ReceiveMediaService } from './receive-media.service.js';

const MAX_ROWS = 100;

/** Ends the life of files: what nobody used for long, what was deleted and is still somewhere, what never came whole. Safe to run twice at once. */
@Injectable()
export class SweepMediaService {
  constructor(
    private readonly database: Database,
    private readonly library: MediaLibrary,
    private readonly received: ReceiveMediaService,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  async sweep(): Promise<void> {
    const expired = await expireUnused(this.database, this.environment.MEDIA_KEEP_DAYS, MAX_ROWS);
    const remains = await claimRemains(this.database, MAX_ROWS);
    for (const asset of remains) await this.library.removeRest(asset);
    const brokenOff = await findBrokenOff(this.database, MAX_ROWS);
    for (const { id } of brokenOff) await this.received.discard(id);
    const items = remains.length + brokenOff.length;
    if (expired + items > 0) this.logger.info('media.swept', { count: expired, items });
  }
}
