import { ApiProperty } from '@nestjs/swagger';
import { META_APIS, type MetaApi, type MetaMessage, type RecipientName } from '#graph-api';
import {
  DELIVERY_POLICIES,
  type DeliveryPolicy,
  MESSAGE_STATES,
  MESSAGE_STATUSES,
  type MessageState,
  type MessageStatus,
  type MessageView,
  type MessageWarning,
  type Priority,
  MEDIA_MODES,
  type MediaMode,
} from '#messages';
import { CostResponse } from './cost.response.js';
import { EstimateResponse } from './estimate.response.js';
import { ExplanationResponse } from './explanation.response.js';
import { PRIORITIES } from '#queues';
import { RECIPIENT_NAME } from './recipient.js';

const Instant = (description: string, nullable = true) =>
  ApiProperty({ description, type: String, format: 'date-time', nullable });

/** Why a message did not go (on). */
export class MessageErrorResponse {
  @ApiProperty({
    description: 'Meta’s number, or a word of ours',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
    example: 131047,
  })
  code!: number | string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ description: 'What to do about it' })
  advice!: string;
}

/** Something to look at that stops nothing. */
export class MessageWarningResponse implements MessageWarning {
  @ApiProperty({ description: 'Meta’s time of it', type: String, format: 'date-time', nullable: true })
  at!: Date | null;

  @ApiProperty({
    description: 'Meta’s number, or a word of ours',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
    example: 'duplicate_suspected',
  })
  code!: number | string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ description: 'The reason that Meta gave', type: String, nullable: true })
  details!: string | null;
}

/** A message as the API shows it. */
export class MessageResponse implements MessageView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Phone number id of the sender' })
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

  @ApiProperty({
    description: 'Its content as it was given; null once it was erased',
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  message!: MetaMessage | null;

  @ApiProperty({ enum: PRIORITIES })
  priority!: Priority;

  @ApiProperty({ enum: DELIVERY_POLICIES })
  deliveryPolicy!: DeliveryPolicy;

  @ApiProperty({ description: 'Of its template', type: String, nullable: true })
  category!: string | null;

  @ApiProperty({ description: 'Who says so: synced (Meta), given (you) or guessed', type: String, nullable: true })
  categorySource!: string | null;

  @ApiProperty({ enum: ['enforce', 'trust_meta'] })
  windowPolicy!: string;

  @ApiProperty({ description: 'How its links reach Meta', enum: MEDIA_MODES })
  mediaMode!: MediaMode;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  windowFallback!: object | null;

  @ApiProperty({ type: [String] })
  tags!: string[];

  @ApiProperty({ type: String, nullable: true })
  clientReference!: string | null;

  @ApiProperty({
    description: 'Your own biz_opaque_callback_data',
    type: String,
    nullable: true,
    example: null,
  })
  clientCallbackData!: string | null;

  @ApiProperty({ description: 'Where its dispatch stands', enum: MESSAGE_STATES })
  state!: MessageState;

  @ApiProperty({ description: 'What Meta reported last', enum: MESSAGE_STATUSES, nullable: true })
  status!: MessageStatus | null;

  @ApiProperty({ type: MessageErrorResponse, nullable: true })
  error!: MessageErrorResponse | null;

  @ApiProperty({ type: [MessageWarningResponse] })
  warnings!: MessageWarningResponse[];

  @ApiProperty({ description: 'Meta’s id of it', type: String, nullable: true })
  waWamid!: string | null;

  @ApiProperty({ description: 'How many attempts there were' })
  attempts!: number;

  @ApiProperty({
    description: 'worker, schedule, retry, throttle, answer, evidence or hold.<scope>; null once it is done',
    type: String,
    nullable: true,
  })
  waitsFor!: string | null;

  @Instant('Until when it waits, where that is known')
  waitsUntil!: Date | null;

  @ApiProperty({ description: 'The same in words', type: ExplanationResponse })
  explanation!: ExplanationResponse;

  @ApiProperty({
    description: 'What it may cost, by what was known when it was accepted',
    type: EstimateResponse,
    nullable: true,
  })
  estimate!: EstimateResponse | null;

  @ApiProperty({
    description: 'Null while Meta has reported nothing that is billed',
    type: CostResponse,
    nullable: true,
  })
  cost!: CostResponse | null;

  @Instant('', false)
  createdAt!: Date;

  @Instant('Not sent after', false)
  expiresAt!: Date;

  @Instant('Meta’s time; a status that was left out has the time of the next one')
  sentAt!: Date | null;

  @Instant('Meta’s time')
  deliveredAt!: Date | null;

  @Instant('Meta’s time')
  readAt!: Date | null;

  @Instant('Meta’s time, of voice messages')
  playedAt!: Date | null;

  @Instant('When it was refused, or Meta reported it as failed')
  failedAt!: Date | null;

  @Instant('When Meta reported that it was deleted')
  deletedAt!: Date | null;

  @Instant('Since when no status comes that should have come')
  presumedDroppedAt!: Date | null;

  static from(view: MessageView): MessageResponse {
    return Object.assign(new MessageResponse(), view);
  }
}
