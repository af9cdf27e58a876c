import { ApiProperty } from '@nestjs/swagger';
import type { MessagePage } from '#messages';
import { MessageResponse } from './message.response.js';

/** A page of messages, newest first. */
export class MessagePageResponse {
  @ApiProperty({ type: [MessageResponse] })
  data!: MessageResponse[];

  @ApiProperty({ description: 'Give it as cursor for the next page; null on the last', type: String, nullable: true })
  nextCursor!: string | null;

  static from({ data, nextCursor }: MessagePage): MessagePageResponse {
    return Object.assign(new MessagePageResponse(), {
      data: data.map((view) => MessageResponse.from(view)),
      nextCursor,
    });
  }
}
