export { type ChargeView, type CostView, type ReadCharge, viewCost } from './charge-view.js';
export { formatMicros, type Money } from './domain/money.js';
export { isLocalDate } from './domain/local-date.js';
export { marketOf } from './domain/market.js';
export { ImportRateCardService, type ImportedRateCard, type RateCardImport } from './import-rate-card.service.js';
export {
  RateCardFieldError,
  RateCardInvalidError,
  RateCardNotFoundError,
  RateCardOverlapError,
} from './pricing.errors.js';
export { PricingModule } from './pricing.module.js';
export { RateCardDirectory, type RateCardView, type RateView } from './rate-card-directory.js';
export { recordCharges, recordForeignCharges, type UnknownPricing } from './record-charges.js';
export { SettleTiersService } from './settle-tiers.service.js';
export { isDeliveredRank } from './queries/read-charge-facts.query.js';
export { SAMPLE_RATE_CARD, sampleRateCardCsv } from './sample-rate-card.js';
