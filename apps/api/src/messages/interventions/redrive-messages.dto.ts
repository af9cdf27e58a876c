import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Principal } from '#access';
import { type EndedSelection, redrivableStates } from '#messages';
import { IsInstant, IsLine } from '../../http/rules.js';
import { RedriveMessageDto } from './redrive-message.dto.js';

const STATES = redrivableStates(true);
const MAX_LIMIT = 10_000;

/** Body of `POST /v1/messages/redrive`: which messages, and whether to do it or only to count them. */
export class RedriveMessagesDto extends RedriveMessageDto {
  @ApiProperty({ description: 'true: counts what would be redriven, and changes nothing' })
  @IsBoolean()
  dryRun!: boolean;

  @ApiPropertyOptional({
    description: 'Left out: failed and expired, and with force also unknown',
    enum: STATES,
    isArray: true,
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(STATES, { each: true })
  states?: EndedSelection['states'];

  @ApiPropertyOptional({ description: 'Phone number id of the sender' })
  @IsOptional()
  @IsLine(1, 64)
  from?: string;

  @ApiPropertyOptional({ description: 'Meta’s code of the error that ended them', example: 131042 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  errorCode?: number;

  @ApiPropertyOptional({ description: 'The word for why they ended', example: 'expired' })
  @IsOptional()
  @IsLine(1, 64)
  reason?: string;

  @ApiPropertyOptional({ description: 'A tag that they have' })
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

  @ApiPropertyOptional({
    description: 'The most messages, oldest first',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: MAX_LIMIT,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit?: number;

  /** The selection in our own words, kept to the caller's client and senders. */
  toSelection({ clientId, senders }: Principal): EndedSelection {
    const allowed = redrivableStates(this.force ?? false);
    return {
      clientId,
      senders: senders === 'all' ? null : senders,
      states: (this.states ?? allowed).filter((state) => allowed.includes(state)),
      from: this.from ?? null,
      errorCode: this.errorCode ?? null,
      reason: this.reason ?? null,
      tag: this.tag ?? null,
      createdAfter: this.createdAfter === undefined ? null : new Date(this.createdAfter),
      createdBefore: this.createdBefore === undefined ? null : new Date(this.createdBefore),
    };
  }

  get most(): number {
    return this.limit ?? MAX_LIMIT;
  }
}
