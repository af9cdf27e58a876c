import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { adjustTiers, takeDirtyUsage } from './queries/settle-tiers.query.js';

/**
 * Puts the tiers of months right whose charges were not recorded in the order of their delivery, so that a month's charges and
 * its adjustment together are what Meta's marginal tiers make of its volume.
 */
@Injectable()
export class SettleTiersService {
  constructor(private readonly database: Database) {}

  /** @returns how many months of a portfolio, market and category were looked at */
  async settle(): Promise<number> {
    for (let settled = 0; ; settled += 1) {
      const isDone = await this.database.transaction(async (tx) => {
        const key = await takeDirtyUsage(tx);
        if (key !== undefined) await adjustTiers(tx, key);
        return key === undefined;
      });
      if (isDone) return settled;
    }
  }
}
