import { ApiProperty } from '@nestjs/swagger';
import type { CostReport } from '#reports';

/** All of one currency. */
export class CostTotalResponse {
  @ApiProperty({ example: 'USD' })
  currency!: string;

  @ApiProperty()
  messages!: number;

  @ApiProperty({ description: 'Millionths of the currency, adjustments that are counted included' })
  amountMicros!: number;
}

/** What tiers make of a month's volume beside its charges. */
export class TierAdjustmentResponse {
  @ApiProperty()
  portfolioId!: string;

  @ApiProperty()
  market!: string;

  @ApiProperty()
  category!: string;

  @ApiProperty({ example: '2026-11' })
  month!: string;

  @ApiProperty()
  currency!: string;

  @ApiProperty()
  amountMicros!: number;

  @ApiProperty({
    description:
      'Whether it is in the totals: the report has all charges that it is about, of the whole month and of every sender of the portfolio',
  })
  isCounted!: boolean;
}

/** Costs by what was asked for. */
export class CostReportResponse implements CostReport {
  @ApiProperty({
    description: 'A row a group: its dimensions, currency, messages, amountMicros, unpriced',
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  rows!: CostReport['rows'];

  @ApiProperty({ type: [TierAdjustmentResponse] })
  adjustments!: TierAdjustmentResponse[];

  @ApiProperty({ type: [CostTotalResponse] })
  totals!: CostTotalResponse[];

  static from({ rows, adjustments, totals }: CostReport): CostReportResponse {
    return Object.assign(new CostReportResponse(), { rows, adjustments, totals });
  }
}
