import { ApiProperty } from '@nestjs/swagger';
import type { ReconciledAccountRow, ReconciliationReport, ReconciliationRow } from '#reports';

const Micros = (description: string, nullable = false) =>
  ApiProperty({ description: `${description}; millionths of the currency`, type: Number, nullable });

/** Charges beside Meta's figures. */
export class ReconciliationRowResponse implements ReconciliationRow {
  @ApiProperty()
  wabaId!: string;

  @ApiProperty({ example: '2026-11-28' })
  day!: string;

  @ApiProperty({ example: 'Brazil' })
  market!: string;

  @ApiProperty({ description: 'Of Meta’s figures, separated by spaces', example: 'BR' })
  countries!: string;

  @ApiProperty({ example: 'utility' })
  category!: string;

  @ApiProperty({ example: 'regular' })
  pricingType!: string;

  @ApiProperty({ example: 'USD' })
  currency!: string;

  @ApiProperty({ description: 'Of our clients' })
  messages!: number;

  @ApiProperty({ description: 'Of other systems that send from these numbers' })
  foreignMessages!: number;

  @ApiProperty({ description: 'What Meta says' })
  metaMessages!: number;

  @ApiProperty({ description: 'Meta’s less all of ours' })
  messagesDifference!: number;

  @Micros('Of our clients')
  amountMicros!: number;

  @Micros('Of other systems')
  foreignAmountMicros!: number;

  @Micros('What Meta says; null: it does not', true)
  metaAmountMicros!: number | null;

  @Micros('Meta’s less all of ours', true)
  amountDifferenceMicros!: number | null;

  @ApiProperty({ description: 'Charges at nothing, since their rate or type is not known' })
  unpriced!: number;

  @ApiProperty({ type: String, format: 'date-time' })
  comparedAt!: Date;
}

/** When an account was compared last. */
export class ReconciledAccountResponse implements ReconciledAccountRow {
  @ApiProperty()
  wabaId!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  triedAt!: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  comparedAt!: Date | null;

  @ApiProperty({ description: 'Why the last try came to nothing', type: String, nullable: true })
  failure!: string | null;
}

/** Where charges and Meta's figures part. */
export class ReconciliationResponse implements ReconciliationReport {
  @ApiProperty({ type: [ReconciliationRowResponse] })
  rows!: ReconciliationRowResponse[];

  @ApiProperty({ type: [ReconciledAccountResponse] })
  accounts!: ReconciledAccountResponse[];

  static from({ rows, accounts }: ReconciliationReport): ReconciliationResponse {
    return Object.assign(new ReconciliationResponse(), { rows, accounts });
  }
}
