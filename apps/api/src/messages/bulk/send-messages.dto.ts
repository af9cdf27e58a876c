import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { AsItCame } from '../../http/as-it-came.js';
import { SendMessageDto } from '../send-message.dto.js';

/** The most messages of one call. */
export const MAX_BULK_MESSAGES = 1_000;

/** Body of `POST /v1/messages/bulk`. What an item says is checked item by item, so that one does not refuse the others. */
export class SendMessagesDto {
  @ApiProperty({
    description: 'Messages as `POST /v1/messages` takes them',
    type: [SendMessageDto],
    minItems: 1,
    maxItems: MAX_BULK_MESSAGES,
  })
  @AsItCame()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BULK_MESSAGES)
  messages!: unknown[];
}
