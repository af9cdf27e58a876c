import { ApiProperty } from '@nestjs/swagger';
import type { Sender } from '#senders';

/** A sender as the API shows it: nothing of its access token. */
export class SenderResponse implements Sender {
  @ApiProperty()
  phoneNumberId!: string;

  @ApiProperty()
  wabaId!: string;

  @ApiProperty()
  portfolioId!: string;

  @ApiProperty({ description: 'The Meta app of its access token' })
  appId!: string;

  @ApiProperty({ type: String, nullable: true })
  displayNumber!: string | null;

  @ApiProperty({ description: 'Of its WABA' })
  currency!: string;

  @ApiProperty({ description: 'Of its WABA' })
  timezone!: string;

  @ApiProperty({
    description: 'Since when its webhooks come without a gap',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  listeningSince!: Date | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  static from(sender: Sender): SenderResponse {
    return Object.assign(new SenderResponse(), sender);
  }
}

/** Senders, by phone number id. */
export class SenderListResponse {
  @ApiProperty({ type: [SenderResponse] })
  data!: SenderResponse[];

  static from(senders: Sender[]): SenderListResponse {
    return Object.assign(new SenderListResponse(), { data: senders.map((sender) => SenderResponse.from(sender)) });
  }
}
