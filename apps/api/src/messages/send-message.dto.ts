import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { META_APIS, type MetaApi, type MetaMessage, type RecipientName } from '#graph-api';
import {
  type AcceptRequest,
  DELIVERY_POLICIES,
  type DeliveryPolicy,
  MEDIA_MODES,
  type MediaMode,
  type Priority,
  TEMPLATE_CATEGORIES,
  type TemplateCategory,
} from '#messages';
import { PRIORITIES } from '#queues';
import { AsItCame } from '../http/as-it-came.js';
import { IsInstant, IsLine, IsTexts } from '../http/rules.js';
import { FitsApi, FitsFallback, FitsRequest } from './fits-request.js';
import { IsMetaMessage, renderMessage } from './meta-message.js';
import { IsRecipient, readRecipient, RECIPIENT_NAME } from './recipient.js';

const WINDOW_POLICIES = ['enforce', 'trust_meta'] as const;
const MAX_TAGS = 20;
const MAX_TAG_LENGTH = 64;
const MAX_REFERENCE_LENGTH = 255;

/** The part of an accept request that a body says; client and Idempotency-Key come with the request around it. */
export type SendInput = Omit<AcceptRequest, 'clientId' | 'idempotency'>;

/** Body of `POST /v1/messages`. */
export class SendMessageDto {
  @ApiProperty({ description: 'Phone number id of the sender', example: '800000000000001' })
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  from!: string;

  @ApiProperty(RECIPIENT_NAME)
  @AsItCame()
  @IsRecipient()
  to!: RecipientName;

  @ApiProperty({
    description:
      'The message in the shape of the Cloud API, without messaging_product and to. A text may have `markdown` in place of `body`',
    type: 'object',
    additionalProperties: true,
    example: { type: 'text', text: { body: 'Your table is ready' } },
  })
  @FitsRequest()
  @IsMetaMessage()
  message!: MetaMessage;

  @ApiPropertyOptional({
    description: 'Which API of Meta sends it; marketing_messages: marketing templates to people, nothing else',
    enum: META_APIS,
    nullable: true,
  })
  @IsOptional()
  @IsIn(META_APIS)
  @FitsApi()
  api?: MetaApi | null;

  @ApiPropertyOptional({
    description: 'Left out: urgent for authentication templates, bulk for marketing templates, standard for all else',
    enum: PRIORITIES,
    nullable: true,
  })
  @IsOptional()
  @IsIn(PRIORITIES)
  priority?: Priority | null;

  @ApiPropertyOptional({
    description: 'Not to be sent before, at most 30 days ahead',
    format: 'date-time',
    type: String,
    nullable: true,
  })
  @IsOptional()
  @IsInstant()
  sendAt?: string | null;

  @ApiPropertyOptional({
    description:
      'Not to be sent after, at most 31 days ahead. Left out: 10 minutes for authentication templates, a day for all else',
    format: 'date-time',
    type: String,
    nullable: true,
  })
  @IsOptional()
  @IsInstant()
  expiresAt?: string | null;

  @ApiPropertyOptional({
    description:
      'What to do when nothing proves whether Meta took it: send it again (at_least_once) or leave it (at_most_once, the default of authentication templates)',
    enum: DELIVERY_POLICIES,
    nullable: true,
  })
  @IsOptional()
  @IsIn(DELIVERY_POLICIES)
  deliveryPolicy?: DeliveryPolicy | null;

  @ApiPropertyOptional({
    description: 'Category of its template, where you know it better',
    enum: TEMPLATE_CATEGORIES,
    nullable: true,
  })
  @IsOptional()
  @IsIn(TEMPLATE_CATEGORIES)
  category?: TemplateCategory | null;

  @ApiPropertyOptional({
    description: 'The template to send instead when the customer service window is closed',
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  @IsOptional()
  @FitsFallback()
  @IsMetaMessage(['template'])
  windowFallback?: MetaMessage | null;

  @ApiPropertyOptional({
    description: 'enforce: do not send into a closed window. trust_meta: send, and let Meta decide',
    enum: WINDOW_POLICIES,
    nullable: true,
  })
  @IsOptional()
  @IsIn(WINDOW_POLICIES)
  windowPolicy?: (typeof WINDOW_POLICIES)[number] | null;

  @ApiPropertyOptional({
    description:
      'How its links reach Meta. link: Meta fetches them. upload: Herald does, https and public addresses alone, and sends files',
    enum: MEDIA_MODES,
    nullable: true,
  })
  @IsOptional()
  @IsIn(MEDIA_MODES)
  mediaMode?: MediaMode | null;

  @ApiPropertyOptional({
    description: 'Your own name for this message; used once per client',
    maxLength: MAX_REFERENCE_LENGTH,
    nullable: true,
    type: String,
  })
  @IsOptional()
  @IsLine(1, MAX_REFERENCE_LENGTH)
  clientReference?: string | null;

  @ApiPropertyOptional({ description: 'Words to find messages by', type: [String], maxItems: MAX_TAGS, nullable: true })
  @IsOptional()
  @IsTexts(MAX_TAGS, MAX_TAG_LENGTH)
  tags?: string[] | null;

  /** The request in our own words, what was left out left out. */
  toInput(): SendInput {
    const { kind, id, input } = readRecipient(this.to);
    return {
      phoneNumberId: this.from,
      recipient: id,
      recipientKind: kind,
      recipientInput: input,
      api: this.api ?? undefined,
      message: renderMessage(this.message),
      priority: this.priority ?? undefined,
      deliveryPolicy: this.deliveryPolicy ?? undefined,
      category: this.category ?? undefined,
      sendAt: toDate(this.sendAt),
      expiresAt: toDate(this.expiresAt),
      windowFallback: this.windowFallback ?? null,
      windowPolicy: this.windowPolicy ?? undefined,
      mediaMode: this.mediaMode ?? undefined,
      clientReference: this.clientReference ?? null,
      tags: this.tags ?? [],
    };
  }
}

const toDate = (instant: string | null | undefined) => (instant == null ? null : new Date(instant));
