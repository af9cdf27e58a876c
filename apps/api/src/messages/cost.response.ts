import { ApiProperty } from '@nestjs/swagger';
import type { ChargeView, CostView } from '#pricing';

const MARKS = ['rated', 'free', 'rate_missing', 'type_unknown'] as const;

/** What one delivered message was billed as. */
export class ChargeResponse implements ChargeView {
  @ApiProperty({ description: 'Meta’s id of what was delivered' })
  wamid!: string;

  @ApiProperty({
    description: 'Of a message to a group: the member that it reached, as Meta names them; each is charged apart',
    type: String,
    nullable: true,
  })
  member!: string | null;

  @ApiProperty({ enum: MARKS })
  mark!: (typeof MARKS)[number];

  @ApiProperty({ description: 'Column of the rate card', type: String, nullable: true, example: 'utility' })
  category!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'Brazil' })
  market!: string | null;

  @ApiProperty({ description: 'As Meta reported it', example: 'utility' })
  pricingCategory!: string;

  @ApiProperty({ description: 'As Meta reported it', type: String, nullable: true, example: 'regular' })
  pricingType!: string | null;

  @ApiProperty({ description: 'First delivered or read', type: String, format: 'date-time' })
  chargedAt!: Date;

  @ApiProperty({ description: 'Millionths of the currency', example: 6800 })
  amountMicros!: number;

  @ApiProperty({ example: 'USD' })
  currency!: string;

  @ApiProperty({ description: 'The amount in a sentence' })
  explanation!: string;
}

/** What a message cost. */
export class CostResponse implements CostView {
  @ApiProperty({ description: 'Millionths of the currency', example: 6800 })
  amountMicros!: number;

  @ApiProperty({ example: 'USD' })
  currency!: string;

  @ApiProperty({ description: 'One for each time that Meta delivered it', type: [ChargeResponse] })
  charges!: ChargeResponse[];
}
