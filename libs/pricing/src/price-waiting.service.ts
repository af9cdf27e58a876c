import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#persistence';
import { cardsToReprice, settleRepriced, takeMispriced, takeUnpriced } from './queries/price-missing.query.js';
import type { ChargeFacts } from './queries/read-charge-facts.query.js';
import { chargeAnew } from './record-charges.js';

const BATCH = 500;
/** For longer than this no transaction charges by rates that it has read. */
const SETTLE_MS = 60_000;

/** Prices charges anew once there are other rates for them than when they arose. */
@Injectable()
export class PriceWaitingService {
  constructor(private readonly database: Database) {}

  /**
   * Those that waited for a rate and have one now, and those that an earlier card without an end had priced, of days that another one
   * claims since. An import does so at once; what was charged just then, or left over by an import that died, is found by a worker.
   * @returns how many
   */
  async price(): Promise<number> {
    let priced = await this.inBatches((tx, after) => takeUnpriced(tx, after, BATCH));
    for (const card of await cardsToReprice(this.database)) {
      priced += await this.inBatches((tx, after) => takeMispriced(tx, card, after, BATCH));
      await settleRepriced(this.database, card, SETTLE_MS);
    }
    return priced;
  }

  private async inBatches(take: (tx: Tx, after: string) => Promise<ChargeFacts[]>): Promise<number> {
    let priced = 0;
    for (let after = ''; ;) {
      const batch = await this.database.transaction(async (tx) => {
        const facts = await take(tx, after);
        await chargeAnew(tx, facts);
        return facts;
      });
      priced += batch.length;
      after = batch.at(-1)?.wamid ?? '';
      if (batch.length < BATCH) return priced;
    }
  }
}
