import { ApiProperty } from '@nestjs/swagger';
import {
  CONVERSATION_KINDS,
  CONVERSATION_STATES,
  type ConversationKind,
  type ConversationPage,
  type ConversationState,
  type ListedConversation,
} from '#conversations';

const instant = { format: 'date-time', type: String } as const;

/** A conversation of a sender with a contact, as it stands now or stood at the instant that was asked for. */
export class ConversationResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '800000000000001' })
  sender!: string;

  @ApiProperty({ description: 'The number or user id that opened it', example: '15550100001' })
  contact!: string;

  @ApiProperty({ enum: CONVERSATION_KINDS })
  kind!: ConversationKind;

  @ApiProperty({ description: 'Meta’s origin of a conversation of kind cbp', type: String, nullable: true })
  category!: string | null;

  @ApiProperty({ description: 'Now, or at the instant that was asked for', enum: CONVERSATION_STATES })
  state!: ConversationState;

  @ApiProperty(instant)
  openedAt!: Date;

  @ApiProperty({ description: 'Wamid of the message, or id of the call, that opened it' })
  openedBy!: string;

  @ApiProperty({ ...instant, description: 'When it ends, or ended: it is open until just before' })
  expiresAt!: Date;

  @ApiProperty({ description: 'How often its end had moved' })
  extendedCount!: number;

  @ApiProperty({ ...instant, nullable: true, description: 'When the contact last moved its end; only of kind service' })
  lastHeardAt!: Date | null;

  @ApiProperty({
    ...instant,
    nullable: true,
    description:
      'Until when more than a reaction, or a message that Meta could not pass on, speaks for it; only of kind service',
  })
  certainUntil!: Date | null;

  @ApiProperty({ description: 'Meta’s id of it, where Meta names it', type: String, nullable: true })
  metaConversationId!: string | null;

  static from(conversation: ListedConversation): ConversationResponse {
    const { id, phoneNumberId, contact, kind, category, state, openedAt, openedBy, expiresAt } = conversation;
    const { extendedCount, lastHeardAt, certainUntil, metaId } = conversation;
    return {
      id,
      sender: phoneNumberId,
      contact,
      kind,
      category,
      state,
      openedAt,
      openedBy,
      expiresAt,
      extendedCount,
      lastHeardAt: kind === 'service' ? lastHeardAt : null,
      certainUntil,
      metaConversationId: metaId,
    };
  }
}

/** A page of conversations, those that opened last first. */
export class ConversationPageResponse {
  @ApiProperty({ type: [ConversationResponse] })
  data!: ConversationResponse[];

  @ApiProperty({ description: 'Give it as cursor for the next page; null on the last', type: String, nullable: true })
  nextCursor!: string | null;

  static from({ data, nextCursor }: ConversationPage): ConversationPageResponse {
    return { data: data.map((conversation) => ConversationResponse.from(conversation)), nextCursor };
  }
}
