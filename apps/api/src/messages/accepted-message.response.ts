import { ApiProperty } from '@nestjs/swagger';
import { META_APIS, type MetaApi, type RecipientName } from '#graph-api';
import { EstimateResponse } from './estimate.response.js';
import { RECIPIENT_NAME } from './recipient.js';

/** What `POST /v1/messages` answers; the same again when the Idempotency-Key came before. */
export class AcceptedMessageResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['queued'] })
  state!: string;

  @ApiProperty()
  from!: string;

  @ApiProperty(RECIPIENT_NAME)
  to!: RecipientName;

  @ApiProperty({ description: 'The recipient as it was given', example: '+1 (555) 010-0001' })
  input!: string;

  @ApiProperty({
    description: 'Country of the recipient, ISO 3166 or NANP; null where it cannot be told',
    type: String,
    nullable: true,
    example: 'NANP',
  })
  country!: string | null;

  @ApiProperty({ description: 'Which API of Meta sends it', enum: META_APIS })
  api!: MetaApi;

  @ApiProperty({ example: 'text' })
  type!: string;

  @ApiProperty({ enum: ['urgent', 'standard', 'bulk'] })
  priority!: string;

  @ApiProperty({ enum: ['at_least_once', 'at_most_once'] })
  deliveryPolicy!: string;

  @ApiProperty({ description: 'The customer service window as we know it', enum: ['open', 'closed', 'unknown'] })
  window!: string;

  @ApiProperty({
    description: 'What it may cost; null when that cannot be told now',
    type: EstimateResponse,
    nullable: true,
  })
  estimate!: EstimateResponse | null;

  @ApiProperty({ type: String, nullable: true })
  clientReference!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  sendAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt!: string;
}
