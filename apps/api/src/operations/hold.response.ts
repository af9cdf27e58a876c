import { ApiProperty } from '@nestjs/swagger';
import { HOLD_SCOPES, type HoldScope, type StandingHoldView } from '#delivery';

/** What holds sending back, as the API shows it. */
export class HoldResponse implements StandingHoldView {
  @ApiProperty({ enum: HOLD_SCOPES })
  scope!: HoldScope;

  @ApiProperty({ description: 'What of that scope: an id, or of a pair and a template two joined by a colon' })
  scopeId!: string;

  @ApiProperty({ example: 'Throughput of the number reached' })
  reason!: string;

  @ApiProperty({ description: 'Meta’s code', type: Number, nullable: true, example: 130429 })
  errorCode!: number | null;

  @ApiProperty({ description: 'Null: until it is lifted', type: String, format: 'date-time', nullable: true })
  until!: Date | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  static from(hold: StandingHoldView): HoldResponse {
    return Object.assign(new HoldResponse(), hold);
  }
}

/** Every hold that stands, oldest first. */
export class HoldListResponse {
  @ApiProperty({ type: [HoldResponse] })
  data!: HoldResponse[];

  static from(holds: StandingHoldView[]): HoldListResponse {
    return Object.assign(new HoldListResponse(), { data: holds.map((hold) => HoldResponse.from(hold)) });
  }
}
