import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#persistence';
import { adjustTiers, takeDirtyUsage } from './queries/settle-tiers.query.js';

/** Puts right what one month of a portfolio, market and category was charged. @returns false when none is left */
export async function settleNextTier(tx: Tx): Promise<boolean> {
  const key = await takeDirtyUsage(tx);
  if (key !== undefined) await adjustTiers(tx, key);
  return key !== undefined;
}

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
      if (!(await this.database.transaction(settleNextTier))) return settled;
    }
  }
}
