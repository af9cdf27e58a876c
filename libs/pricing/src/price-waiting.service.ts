import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#persistence';
import type { Validity } from './domain/rate-card.js';
import { takeMispriced, takeUnpriced } from './queries/price-missing.query.js';
import type { ChargeFacts } from './queries/read-charge-facts.query.js';
import { chargeAnew } from './record-charges.js';

const BATCH = 500;

/** Prices charges anew once there are other rates for them than when they arose. */
@Injectable()
export class PriceWaitingService {
  constructor(private readonly database: Database) {}

  /** Those that waited for a rate and have one now. An import does so itself; what was charged just then, or left over, is found here. */
  price(): Promise<number> {
    return this.inBatches((tx, after) => takeUnpriced(tx, after, BATCH));
  }

  /** Those that an earlier card without an end had priced, of days that this one claims since. */
  reprice(card: Validity & { id: string; currency: string }): Promise<number> {
    return this.inBatches((tx, after) => takeMispriced(tx, card, after, BATCH));
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
