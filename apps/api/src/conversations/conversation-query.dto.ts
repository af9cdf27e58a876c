import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import {
  CONVERSATION_KINDS,
  CONVERSATION_STATES,
  type ConversationFilter,
  type ConversationKind,
  type ConversationState,
} from '#conversations';
import { IsInstant, IsLine, IsPastInstant, IsQueryNumber } from '../http/rules.js';
import { IsRecipientKey, recipientKey } from '../messages/recipient.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** Query of `GET /v1/conversations`. */
export class ConversationQueryDto {
  @ApiPropertyOptional({ description: 'Phone number id of the sender' })
  @IsOptional()
  @IsLine(1, 64)
  sender?: string;

  @ApiPropertyOptional({ description: 'A phone number in any of its forms, or a user id' })
  @IsOptional()
  @IsRecipientKey()
  contact?: string;

  @ApiPropertyOptional({
    description:
      'service: customer service windows. free_entry_point: 72 hours after somebody who came through an ad was answered. cbp: conversations of the pricing model before 2025-07',
    enum: CONVERSATION_KINDS,
  })
  @IsOptional()
  @IsIn(CONVERSATION_KINDS)
  kind?: ConversationKind;

  @ApiPropertyOptional({ description: 'Whether it is open, now or at the instant of at', enum: CONVERSATION_STATES })
  @IsOptional()
  @IsIn(CONVERSATION_STATES)
  state?: ConversationState;

  @ApiPropertyOptional({
    description:
      'The instant at which they are told, ends included, by what was heard until then; now when left out. None that opened later is listed',
    format: 'date-time',
  })
  @IsOptional()
  @IsPastInstant()
  at?: string;

  @ApiPropertyOptional({ description: 'Opened then or later', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ description: 'Opened earlier', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  to?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @IsOptional()
  @IsLine(1, 64)
  cursor?: string;

  @ApiPropertyOptional({
    description: 'Conversations of a page',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
  })
  @IsQueryNumber(1, MAX_LIMIT)
  limit?: number;

  /** The filter in our own words. */
  toInput(): ConversationFilter {
    const { sender, contact, kind, state, at, from, to, cursor } = this;
    return {
      sender,
      contact: contact === undefined ? undefined : recipientKey(contact),
      kind,
      state,
      at: at === undefined ? undefined : new Date(at),
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      cursor,
      limit: this.limit ?? DEFAULT_LIMIT,
    };
  }
}
