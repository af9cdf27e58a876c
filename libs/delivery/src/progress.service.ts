import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { ClaimMessagesService } from './claim-messages.service.js';
import { hasClaimable } from './queries/has-claimable.query.js';

/** Says whether this process moves messages, for its watchdog. */
@Injectable()
export class ProgressService {
  constructor(
    private readonly database: Database,
    private readonly claims: ClaimMessagesService,
  ) {}

  /** `lastClaimAt` on the clock of `performance.now()`; null when this process has claimed nothing yet. */
  async look(): Promise<{ hasClaimable: boolean; lastClaimAt: number | null }> {
    return { hasClaimable: await hasClaimable(this.database), lastClaimAt: this.claims.lastClaimAt };
  }
}
