import { Module } from '@nestjs/common';
import { Environment } from '#config';
import { GraphAnalytics } from '#graph-api';
import { SendersModule } from '#senders';
import { EstimateService } from './estimate.service.js';
import { ImportRateCardService } from './import-rate-card.service.js';
import { PriceWaitingService } from './price-waiting.service.js';
import { RateCardDirectory } from './rate-card-directory.js';
import { RecentRates } from './recent-rates.js';
import { CompareAccountService } from './reconciliation/compare-account.service.js';
import { SettleTiersService } from './settle-tiers.service.js';

const openGraph = (environment: Environment) =>
  new GraphAnalytics({
    baseUrl: environment.GRAPH_API_BASE_URL,
    version: environment.GRAPH_API_VERSION,
    connectTimeoutMs: environment.GRAPH_CONNECT_TIMEOUT_MS,
    totalTimeoutMs: environment.GRAPH_TIMEOUT_MS,
  });

const SERVICES = [
  CompareAccountService,
  EstimateService,
  ImportRateCardService,
  PriceWaitingService,
  RateCardDirectory,
  SettleTiersService,
];

/** What messages cost: rate cards, estimates, charges, tiers, and what Meta says of them. */
@Module({
  imports: [SendersModule],
  providers: [{ provide: GraphAnalytics, useFactory: openGraph, inject: [Environment] }, RecentRates, ...SERVICES],
  exports: SERVICES,
})
export class PricingModule {}
