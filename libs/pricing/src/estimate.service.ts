import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { type Sender, SenderDirectory } from '#senders';
import { countsForTiers, ratedCategory } from './domain/charge.js';
import type { Estimate } from './domain/describe-estimate.js';
import { type EstimateBasis, expectCharge, type ExpectedCharge } from './domain/estimate.js';
import { rateAt, type TierRate, withoutTiers } from './domain/tiers.js';
import type { CardOfDay } from './queries/card-of-day.query.js';
import { RecentRates } from './recent-rates.js';

/** A message that is accepted, with what is known of how it will be sent. */
export interface EstimateRequest extends Omit<EstimateBasis, 'timezone'> {
  phoneNumberId: string;
  /** Its template's category is a guess. */
  isGuess: boolean;
}

/** Says what messages may cost before they are sent: by senders and rates as they were a moment ago, without a statement each. */
@Injectable()
export class EstimateService {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly rates: RecentRates,
    private readonly logger: Logger,
  ) {}

  /** An estimate of each, in their order; null where none can be made. Never rejects: an estimate stops no message. */
  async estimatesOf(requests: readonly EstimateRequest[]): Promise<(Estimate | null)[]> {
    try {
      return await Promise.all(requests.map((request) => this.estimate(request)));
    } catch (error) {
      this.logger.warn('estimates.not_made', { count: requests.length }, error);
      return requests.map(() => null);
    }
  }

  private async estimate(request: EstimateRequest): Promise<Estimate | null> {
    const sender = await this.senders.find(request.phoneNumberId);
    if (sender === null) return null;
    const expected = expectCharge({ ...request, timezone: sender.timezone });
    const { billing, of, market, day } = expected;
    const category = ratedCategory(expected);
    const isGuess = category !== null && request.isGuess && of === 'message';
    const fixed = { of, category, isGuess, market, day, currency: sender.currency };
    if (category === null) return { ...fixed, ...UNRATED, mark: 'free', because: becauseOf(billing) };
    const card = await this.rates.cardOf(sender.currency, day);
    const tiers = card === null || market === null ? [] : tiersOf(card, market, category);
    const position = await this.position(sender, expected, tiers);
    const rateMicros = rateAt(tiers, position ?? 1n);
    if (card === null || rateMicros === undefined) return { ...fixed, ...UNRATED, mark: 'rate_missing', because: null };
    return {
      ...fixed,
      mark: 'rated',
      because: null,
      tierPosition: position?.toString() ?? null,
      cardFrom: card.validFrom,
      isOfficial: card.isOfficial,
      rateMicros: rateMicros.toString(),
    };
  }

  /** Where in the tiers of its month it would be; null where its rate does not depend on it. */
  private async position(
    { portfolioId }: Sender,
    expected: ExpectedCharge,
    tiers: readonly TierRate[],
  ): Promise<bigint | null> {
    const [category, { market, month }] = [ratedCategory(expected), expected];
    if (tiers.length < 2 || category === null || market === null || !countsForTiers(expected)) return null;
    return (await this.rates.volumeOf({ portfolioId, market, category, month })) + 1n;
  }
}

const UNRATED = { tierPosition: null, cardFrom: null, isOfficial: null, rateMicros: null } as const;

const becauseOf = (billing: ExpectedCharge['billing']) => (billing.kind === 'free' ? billing.because : null);

/** A card without a rate for service has that of utility, without its tiers: as charges are priced. */
function tiersOf({ rates }: CardOfDay, market: string, category: string): readonly TierRate[] {
  const own = rates.get(`${market} ${category}`);
  if (own !== undefined || category !== 'service') return own ?? [];
  return withoutTiers(rates.get(`${market} utility`) ?? []);
}
