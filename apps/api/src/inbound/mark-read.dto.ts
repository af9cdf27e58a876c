import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { IsLine } from '../http/rules.js';

/** Body of `POST /v1/inbound-messages/{wamid}/read`; it may be left out. */
export class MarkReadDto {
  @ApiPropertyOptional({
    description: 'Phone number id of the sender; needed for a message that never came to Herald',
    type: String,
    nullable: true,
    example: '800000000000001',
  })
  @IsOptional()
  @IsLine(1, 64)
  from?: string | null;

  @ApiPropertyOptional({
    description: 'Shows the contact that an answer is being written; dropped when it would come 20 s late',
    type: Boolean,
    nullable: true,
  })
  @IsOptional()
  @IsBoolean()
  typingIndicator?: boolean | null;
}
