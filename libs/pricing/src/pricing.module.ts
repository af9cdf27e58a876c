import { Module } from '@nestjs/common';
import { ImportRateCardService } from './import-rate-card.service.js';
import { RateCardDirectory } from './rate-card-directory.js';
import { SettleTiersService } from './settle-tiers.service.js';

/** What messages cost: rate cards, charges, tiers. */
@Module({
  providers: [ImportRateCardService, RateCardDirectory, SettleTiersService],
  exports: [ImportRateCardService, RateCardDirectory, SettleTiersService],
})
export class PricingModule {}
