import { ApiProperty } from '@nestjs/swagger';
import type { InboundPage } from '#intake';
import { InboundMessageResponse } from './inbound-message.response.js';

/** A page of messages of contacts, newest first. */
export class InboundMessagePageResponse {
  @ApiProperty({ type: [InboundMessageResponse] })
  data!: InboundMessageResponse[];

  @ApiProperty({ description: 'Give it as cursor for the next page; null on the last', type: String, nullable: true })
  nextCursor!: string | null;

  static from({ data, nextCursor }: InboundPage): InboundMessagePageResponse {
    return Object.assign(new InboundMessagePageResponse(), {
      data: data.map((view) => InboundMessageResponse.from(view)),
      nextCursor,
    });
  }
}
