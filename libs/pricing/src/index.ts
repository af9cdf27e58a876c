export { type ChargeView, type CostView, type ReadCharge, viewCost } from './charge-view.js';
export type { Estimate } from './domain/describe-estimate.js';
export { formatMicros, type Money } from './domain/money.js';
export { isLocalDate } from './domain/local-date.js';
export { marketOf } from './domain/market.js';
export { EstimateService, type EstimateRequest } from './estimate.service.js';
export { type EstimateView, viewEstimate } from './estimate-view.js';
export { ImportRateCardService, type ImportedRateCard, type RateCardImport } from './import-rate-card.service.js';
export {
  RateCardFieldError,
  RateCardInvalidError,
  RateCardNotFoundError,
  RateCardOverlapError,
} from './pricing.errors.js';
export { PriceWaitingService } from './price-waiting.service.js';
export { PricingModule } from './pricing.module.js';
export { RateCardDirectory, type RateCardView, type RateView } from './rate-card-directory.js';
export { RATES_TTL_MS, RecentRates } from './recent-rates.js';
export { CompareAccountService } from './reconciliation/compare-account.service.js';
export { checkDays, type DayRange, ReconciliationRangeError, settledDays } from './reconciliation/domain/range.js';
export { judge, type Verdict } from './reconciliation/domain/verdict.js';
export { accountsOf, takeDueAccounts } from './reconciliation/queries/reconciliation-run.query.js';
export type { Account } from './reconciliation/queries/store-comparison.query.js';
export { recordCharges, recordForeignCharges, type UnknownPricing } from './record-charges.js';
export { settleNextTier, SettleTiersService } from './settle-tiers.service.js';
export { isDeliveredRank } from './queries/read-charge-facts.query.js';
export { SAMPLE_RATE_CARD, sampleRateCardCsv } from './sample-rate-card.js';
