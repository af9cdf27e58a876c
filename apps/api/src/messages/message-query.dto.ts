import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { MESSAGE_TYPES } from '#graph-api';
import { MESSAGE_STATES, MESSAGE_STATUSES, type MessageFilter, type MessageState, type MessageStatus } from '#messages';
import { IsInstant, IsLine, IsQueryNumber } from '../http/rules.js';
import { IsRecipientKey, recipientKey } from './recipient.js';

const STATUS_FILTERS = ['none', ...MESSAGE_STATUSES] as const;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** Query of `GET /v1/messages`. */
export class MessageQueryDto {
  @ApiPropertyOptional({ description: 'Phone number id of the sender' })
  @IsOptional()
  @IsLine(1, 64)
  from?: string;

  @ApiPropertyOptional({
    description: 'Phone number of the recipient, written in any way that sending takes; or its user id, or group id',
  })
  @IsOptional()
  @IsRecipientKey()
  to?: string;

  @ApiPropertyOptional({ description: 'Where its dispatch stands', enum: MESSAGE_STATES })
  @IsOptional()
  @IsIn(MESSAGE_STATES)
  state?: MessageState;

  @ApiPropertyOptional({ description: 'What Meta reported last; none: nothing yet', enum: STATUS_FILTERS })
  @IsOptional()
  @IsIn(STATUS_FILTERS)
  status?: MessageStatus | 'none';

  @ApiPropertyOptional({ enum: MESSAGE_TYPES })
  @IsOptional()
  @IsIn(MESSAGE_TYPES)
  type?: string;

  @ApiPropertyOptional({ description: 'The one message of this reference' })
  @IsOptional()
  @IsLine(1, 255)
  clientReference?: string;

  @ApiPropertyOptional({ description: 'A tag that it has' })
  @IsOptional()
  @IsLine(1, 64)
  tag?: string;

  @ApiPropertyOptional({ description: 'Created then or later', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  createdAfter?: string;

  @ApiPropertyOptional({ description: 'Created earlier', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  createdBefore?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @IsOptional()
  @IsLine(1, 64)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Messages of a page', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @IsQueryNumber(1, MAX_LIMIT)
  limit?: number;

  /** The filter in our own words. */
  toInput(): MessageFilter {
    const { from, to, state, status, type, clientReference, tag, createdAfter, createdBefore, cursor } = this;
    return {
      from,
      recipient: to === undefined ? undefined : recipientKey(to),
      state,
      status,
      type,
      clientReference,
      tag,
      createdAfter: createdAfter === undefined ? undefined : new Date(createdAfter),
      createdBefore: createdBefore === undefined ? undefined : new Date(createdBefore),
      cursor,
      limit: this.limit ?? DEFAULT_LIMIT,
    };
  }
}
