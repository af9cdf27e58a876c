import { ApiProperty } from '@nestjs/swagger';
import type { InboundEdit, InboundMessageView, NamedMessage, Referral } from '#intake';

/** A message that a message of a contact names. */
export class NamedMessageResponse implements NamedMessage {
  @ApiProperty({
    description: 'Our id of it; null when your client did not send it',
    type: String,
    format: 'uuid',
    nullable: true,
  })
  messageId!: string | null;

  @ApiProperty({ description: 'Meta’s id of it' })
  waMessageId!: string;
}

/** What a contact made of a message later. */
export class InboundEditResponse implements InboundEdit {
  @ApiProperty({ description: 'Meta’s id of the edit' })
  wamid!: string;

  @ApiProperty({ description: 'What a person reads in it now', type: String, nullable: true })
  text!: string | null;

  @ApiProperty({
    description: 'The message as it is now, as Meta gave it',
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  content!: object | null;

  @ApiProperty({ description: 'Meta’s time', type: String, format: 'date-time' })
  editedAt!: Date;
}

/** The ad or post that brought a contact. */
export class ReferralResponse implements Referral {
  @ApiProperty({ description: 'Meta’s word: ad or post', type: String, nullable: true })
  sourceType!: string | null;

  @ApiProperty({ type: String, nullable: true })
  sourceId!: string | null;

  @ApiProperty({ type: String, nullable: true })
  sourceUrl!: string | null;

  @ApiProperty({ type: String, nullable: true })
  headline!: string | null;

  @ApiProperty({ type: String, nullable: true })
  body!: string | null;

  @ApiProperty({ description: 'Click id of the ad', type: String, nullable: true })
  ctwaClid!: string | null;
}

/** The file of a message of a contact. */
export class InboundMediaResponse {
  @ApiProperty({ description: 'Its name in /v1/media', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'pending: it is still being fetched', enum: ['pending', 'stored', 'expired'] })
  state!: string;
}

/** A message of a contact as the API shows it. */
export class InboundMessageResponse implements InboundMessageView {
  @ApiProperty({ description: 'Meta’s id of it' })
  wamid!: string;

  @ApiProperty({ description: 'Phone number id of the sender that got it', example: '800000000000001' })
  sender!: string;

  @ApiProperty({
    description: 'Who sent it: digits, or a user id; null when Meta names nobody',
    type: String,
    nullable: true,
    example: '15550100001',
  })
  contact!: string | null;

  @ApiProperty({ type: String, nullable: true })
  profileName!: string | null;

  @ApiProperty({ description: 'Meta’s word', example: 'text' })
  type!: string;

  @ApiProperty({
    description: 'What a person reads in it: text, caption, emoji, or the button or row chosen',
    type: String,
    nullable: true,
  })
  text!: string | null;

  @ApiProperty({
    description: 'The message as Meta gave it; null once the contact deleted it',
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  content!: object | null;

  @ApiProperty({
    description: 'The last edit of it; null when there was none',
    type: InboundEditResponse,
    nullable: true,
  })
  edit!: InboundEditResponse | null;

  @ApiProperty({
    description: 'Whether the contact forwarded it, and whether that was done more than five times',
    enum: ['forwarded', 'frequently_forwarded'],
    type: String,
    nullable: true,
  })
  forwarded!: 'forwarded' | 'frequently_forwarded' | null;

  @ApiProperty({ description: 'The ad or post that brought the contact', type: ReferralResponse, nullable: true })
  referral!: ReferralResponse | null;

  @ApiProperty({ type: InboundMediaResponse, nullable: true })
  media!: InboundMediaResponse | null;

  @ApiProperty({ description: 'The message that it answers', type: NamedMessageResponse, nullable: true })
  context!: NamedMessageResponse | null;

  @ApiProperty({
    description: 'The message that it reacts to, edits or revokes',
    type: NamedMessageResponse,
    nullable: true,
  })
  target!: NamedMessageResponse | null;

  @ApiProperty({ description: 'Meta’s time', type: String, format: 'date-time' })
  sentAt!: Date;

  @ApiProperty({ description: 'When Herald got it', type: String, format: 'date-time' })
  receivedAt!: Date;

  @ApiProperty({
    description: 'When the contact deleted it, by Meta’s time',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  deletedAt!: Date | null;

  static from(view: InboundMessageView): InboundMessageResponse {
    return Object.assign(new InboundMessageResponse(), view);
  }
}
