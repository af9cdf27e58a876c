import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { RateCardNotFoundError } from './pricing.errors.js';

/** A card as it is listed. Days are texts, `2026-01-01`. */
export interface RateCardView {
  id: string;
  currency: string;
  validFrom: string;
  validUntil: string | null;
  source: string;
  isOfficial: boolean;
  importedAt: Date;
}

/** A rate as it is shown; micro-units of the card's currency. */
export interface RateView {
  market: string;
  category: string;
  tierFrom: number;
  tierTo: number | null;
  amountMicros: number;
}

/** Reads rate cards. */
@Injectable()
export class RateCardDirectory {
  constructor(private readonly database: Database) {}

  /** All cards, by currency, the newest first. */
  async list(): Promise<RateCardView[]> {
    const cards = await this.database.prisma.rateCard.findMany({
      orderBy: [{ currency: 'asc' }, { validFrom: 'desc' }],
    });
    return cards.map(({ validFrom, validUntil, ...card }) => ({
      ...card,
      validFrom: dayOf(validFrom),
      validUntil: validUntil && dayOf(validUntil),
    }));
  }

  /** The rates of a card. @throws RateCardNotFoundError */
  async rates(id: string): Promise<RateView[]> {
    const card = await this.database.prisma.rateCard.findUnique({
      where: { id },
      include: { rates: { orderBy: [{ market: 'asc' }, { category: 'asc' }, { tierFrom: 'asc' }] } },
    });
    if (card === null) throw new RateCardNotFoundError(id);
    return card.rates.map(({ market, category, tierFrom, tierTo, rateMicros }) => ({
      market,
      category,
      tierFrom: Number(tierFrom),
      tierTo: tierTo === null ? null : Number(tierTo),
      amountMicros: Number(rateMicros),
    }));
  }
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
