import { ApiProperty } from '@nestjs/swagger';
import type { ImportedRateCard, RateCardView, RateView } from '#pricing';

/** What an import did. */
export class ImportedRateCardResponse implements ImportedRateCard {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'How many rates it has' })
  rates!: number;

  @ApiProperty({ description: 'How many charges had waited for it, and have their price now' })
  priced!: number;

  static from({ id, rates, priced }: ImportedRateCard): ImportedRateCardResponse {
    return Object.assign(new ImportedRateCardResponse(), { id, rates, priced });
  }
}

/** A rate card. Days are of the WABAs' own time zones. */
export class RateCardResponse implements RateCardView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'USD' })
  currency!: string;

  @ApiProperty({ example: '2026-01-01' })
  validFrom!: string;

  @ApiProperty({ description: 'Null: until the next card', type: String, nullable: true, example: null })
  validUntil!: string | null;

  @ApiProperty()
  source!: string;

  @ApiProperty()
  isOfficial!: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  importedAt!: Date;

  static from({ id, currency, validFrom, validUntil, source, isOfficial, importedAt }: RateCardView): RateCardResponse {
    const card = { id, currency, validFrom, validUntil, source, isOfficial, importedAt };
    return Object.assign(new RateCardResponse(), card);
  }
}

/** All rate cards, by currency, the newest first. */
export class RateCardListResponse {
  @ApiProperty({ type: [RateCardResponse] })
  data!: RateCardResponse[];

  static from(cards: readonly RateCardView[]): RateCardListResponse {
    return Object.assign(new RateCardListResponse(), { data: cards.map((card) => RateCardResponse.from(card)) });
  }
}

/** What a delivered message costs, from the `tierFrom`-th of a month to the `tierTo`-th. */
export class RateResponse implements RateView {
  @ApiProperty({ example: 'Brazil' })
  market!: string;

  @ApiProperty({ example: 'utility' })
  category!: string;

  @ApiProperty({ example: 1 })
  tierFrom!: number;

  @ApiProperty({ description: 'Null: without end', type: Number, nullable: true, example: null })
  tierTo!: number | null;

  @ApiProperty({ description: 'Millionths of the card’s currency', example: 6800 })
  amountMicros!: number;
}

/** The rates of one card. */
export class RateListResponse {
  @ApiProperty({ type: [RateResponse] })
  data!: RateResponse[];

  static from(rates: readonly RateView[]): RateListResponse {
    return Object.assign(new RateListResponse(), {
      data: rates.map((rate) => Object.assign(new RateResponse(), rate)),
    });
  }
}
