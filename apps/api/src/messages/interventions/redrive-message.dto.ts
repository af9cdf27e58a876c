import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import type { Principal } from '#access';
import type { RedriveWish } from '#messages';
import { IsInstant, IsLine } from '../../http/rules.js';

/** Body of `POST /v1/messages/{id}/redrive`; all of it may be left out. */
export class RedriveMessageDto {
  @ApiPropertyOptional({
    description: 'Also a message whose state is unknown, and which may have arrived: needs the scope operations',
    default: false,
  })
  @IsOptional()
  @IsBoolean()
  force?: boolean;

  @ApiPropertyOptional({ description: 'Why, for its timeline', example: 'the template is approved again' })
  @IsOptional()
  @IsLine(1, 500)
  because?: string;

  @ApiPropertyOptional({ description: 'Not sent after; left out: its time to live once more', format: 'date-time' })
  @IsOptional()
  @IsInstant()
  expiresAt?: string;

  /** The wish of the one who asks. */
  toWish({ keyId }: Principal): RedriveWish {
    return {
      by: 'api',
      keyId,
      isForced: this.force ?? false,
      why: this.because ?? null,
      expiresAt: this.expiresAt === undefined ? null : new Date(this.expiresAt),
    };
  }
}
