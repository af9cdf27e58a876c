import { ApiProperty } from '@nestjs/swagger';
import {
  type ChoiceReason,
  type ChosenMarketing,
  type ContactDetails,
  type ContactIdentifier,
  type ContactPage,
  type ContactView,
  IDENTIFIER_KINDS,
  type IdentifierKind,
} from '#contacts';
import { WindowResponse } from '../windows/window.response.js';

const instant = { format: 'date-time', type: String } as const;

/** A name of a contact, and when it was seen. */
export class IdentifierResponse {
  @ApiProperty({
    description:
      'wa_id: digits by which Meta names it. phone: digits that were written to, and that Meta names otherwise. user_id: within the portfolio. parent_user_id: across portfolios',
    enum: IDENTIFIER_KINDS,
  })
  kind!: IdentifierKind;

  @ApiProperty({ example: '15550100001' })
  value!: string;

  @ApiProperty(instant)
  firstSeenAt!: Date | null;

  @ApiProperty({ ...instant, description: 'When the contact last showed it, to the hour' })
  lastSeenAt!: Date | null;

  @ApiProperty({ ...instant, nullable: true, description: 'When it left it for another; null: it has it now' })
  endedAt!: Date | null;

  @ApiProperty({
    description: 'The notification that told of it first; null: an answer to a send',
    format: 'uuid',
    type: String,
    nullable: true,
  })
  notificationId!: string | null;

  static from({ kind, value, firstSeenAt, lastSeenAt, endedAt, inboxId }: ContactIdentifier): IdentifierResponse {
    return { kind, value, firstSeenAt, lastSeenAt, endedAt, notificationId: inboxId };
  }
}

/** A person, as the portfolio of a sender knows them. */
export class ContactResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'What it has now first', type: [IdentifierResponse] })
  identifiers!: IdentifierResponse[];

  static from({ id, identifiers }: ContactView): ContactResponse {
    return { id, identifiers: identifiers.map((each) => IdentifierResponse.from(each)) };
  }
}

/** What a contact chose of marketing from an account. */
export class MarketingChoiceResponse {
  @ApiProperty({ example: '900000000000001' })
  wabaId!: string;

  @ApiProperty({ description: 'false: marketing to it is refused' })
  wantsMarketing!: boolean;

  @ApiProperty({
    description: 'keyword: a word like STOP. user_preference: a switch in WhatsApp. meta_131050: Meta refused',
    enum: ['keyword', 'user_preference', 'meta_131050'] satisfies ChoiceReason[],
  })
  reason!: ChoiceReason;

  @ApiProperty(instant)
  chosenAt!: Date;

  static from({ wabaId, wantsMarketing, reason, chosenAt }: ChosenMarketing): MarketingChoiceResponse {
    return { wabaId, wantsMarketing, reason, chosenAt };
  }
}

/** A contact with what it chose, and its windows. */
export class ContactDetailsResponse extends ContactResponse {
  @ApiProperty({ description: 'One an account; none where it never chose', type: [MarketingChoiceResponse] })
  marketing!: MarketingChoiceResponse[];

  @ApiProperty({
    description: 'Its customer service windows now, with each sender that it has to do with and the key may use',
    type: [WindowResponse],
  })
  windows!: WindowResponse[];

  static of(contact: ContactDetails, windows: WindowResponse[]): ContactDetailsResponse {
    const marketing = contact.marketing.map((each) => MarketingChoiceResponse.from(each));
    return { ...ContactResponse.from(contact), marketing, windows };
  }
}

/** A page of contacts, those that became known last first. */
export class ContactPageResponse {
  @ApiProperty({ type: [ContactResponse] })
  data!: ContactResponse[];

  @ApiProperty({ description: 'Give it as cursor for the next page; null on the last', type: String, nullable: true })
  nextCursor!: string | null;

  static from({ data, nextCursor }: ContactPage): ContactPageResponse {
    return { data: data.map((contact) => ContactResponse.from(contact)), nextCursor };
  }
}
