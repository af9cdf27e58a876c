import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches, ValidateBy } from 'class-validator';
import type { ContactFilter } from '#contacts';
import { IsLine, IsQueryNumber } from '../http/rules.js';
import { recipientDigits } from '../messages/recipient.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

const IsPhone = () =>
  ValidateBy({
    name: 'isPhone',
    validator: {
      validate: (value) => typeof value === 'string' && recipientDigits(value) !== null,
      defaultMessage: () => '$property must be a phone number of 7 to 15 digits',
    },
  });

/** Query of `GET /v1/contacts`. */
export class ContactQueryDto {
  @ApiPropertyOptional({ description: 'Phone number id of a sender that the contact wrote to, or was written to from' })
  @IsOptional()
  @IsLine(1, 64)
  sender?: string;

  @ApiPropertyOptional({
    description:
      'A number that is, or was, the contact’s, in any of its forms and written in any way that sending takes',
    example: '+15550100001',
  })
  @IsOptional()
  @IsPhone()
  phone?: string;

  @ApiPropertyOptional({
    description: 'A user id that is, or was, the contact’s, or that of its parent',
    example: 'US.13491208655302741918',
  })
  @IsOptional()
  @Matches(USER_ID, { message: '$property must be a user id like US.13491208655302741918' })
  userId?: string;

  @ApiPropertyOptional({ description: 'A username that is, or was, the contact’s' })
  @IsOptional()
  @IsLine(1, 128)
  username?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @IsOptional()
  @IsLine(1, 64)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Contacts of a page', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @IsQueryNumber(1, MAX_LIMIT)
  limit?: number;

  /** The filter in our own words. */
  toInput(): ContactFilter {
    const { sender, phone, userId, username, cursor } = this;
    return {
      sender,
      phone: phone === undefined ? undefined : (recipientDigits(phone) ?? undefined),
      userId,
      username,
      cursor,
      limit: this.limit ?? DEFAULT_LIMIT,
    };
  }
}
