import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { InboundFilter } from '#intake';
import { IsInstant, IsLine, IsQueryNumber } from '../http/rules.js';
import { IsRecipientKey, recipientKey } from '../messages/recipient.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** A cursor holds a wamid, which has up to 512 characters. */
const MAX_CURSOR = 1_024;

/** Query of `GET /v1/inbound-messages`. */
export class InboundQueryDto {
  @ApiPropertyOptional({ description: 'Phone number id of the sender that got it' })
  @IsOptional()
  @IsLine(1, 64)
  sender?: string;

  @ApiPropertyOptional({
    description: 'Who sent it: a phone number, written in any way that sending takes, or a user id',
  })
  @IsOptional()
  @IsRecipientKey()
  contact?: string;

  @ApiPropertyOptional({ description: 'Sent then or later, by Meta’s time', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  sentAfter?: string;

  @ApiPropertyOptional({ description: 'Sent earlier', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  sentBefore?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @IsOptional()
  @IsLine(1, MAX_CURSOR)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Messages of a page', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @IsQueryNumber(1, MAX_LIMIT)
  limit?: number;

  /** The filter in our own words. */
  toInput(): InboundFilter {
    const { sender, contact, sentAfter, sentBefore, cursor } = this;
    return {
      sender,
      contact: contact === undefined ? undefined : recipientKey(contact),
      sentAfter: sentAfter === undefined ? undefined : new Date(sentAfter),
      sentBefore: sentBefore === undefined ? undefined : new Date(sentBefore),
      cursor,
      limit: this.limit ?? DEFAULT_LIMIT,
    };
  }
}
