import { ApiProperty } from '@nestjs/swagger';

/** What `POST /v1/messages` answers; the same again when the Idempotency-Key came before. */
export class AcceptedMessageResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['queued'] })
  state!: string;

  @ApiProperty()
  from!: string;

  @ApiProperty({ example: '+15550100001' })
  to!: string;

  @ApiProperty({ example: 'text' })
  type!: string;

  @ApiProperty({ enum: ['urgent', 'standard', 'bulk'] })
  priority!: string;

  @ApiProperty({ enum: ['at_least_once', 'at_most_once'] })
  deliveryPolicy!: string;

  @ApiProperty({ description: 'The customer service window as we know it', enum: ['open', 'closed', 'unknown'] })
  window!: string;

  @ApiProperty({ type: String, nullable: true })
  clientReference!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  sendAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: string;
}
