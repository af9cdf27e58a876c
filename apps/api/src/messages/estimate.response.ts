import { ApiProperty } from '@nestjs/swagger';
import type { EstimateView } from '#pricing';

/** What a message may cost, by what was known when it was accepted. */
export class EstimateResponse implements EstimateView {
  @ApiProperty({ description: 'rate_missing: no rate card says', enum: ['rated', 'free', 'rate_missing'] })
  mark!: EstimateView['mark'];

  @ApiProperty({ description: 'Of the message, or of its windowFallback', enum: ['message', 'fallback'] })
  of!: EstimateView['of'];

  @ApiProperty({ description: 'Column of the rate card', type: String, nullable: true, example: 'utility' })
  category!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'Brazil' })
  market!: string | null;

  @ApiProperty({ description: 'Delivered on this day of the account', example: '2026-11-29' })
  day!: string;

  @ApiProperty({
    description: 'Millionths of the currency; null: not known',
    type: Number,
    nullable: true,
    example: 6800,
  })
  amountMicros!: number | null;

  @ApiProperty({ example: 'USD' })
  currency!: string;

  @ApiProperty({ description: 'The amount in a sentence' })
  explanation!: string;
}
