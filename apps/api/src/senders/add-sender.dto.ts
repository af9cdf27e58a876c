import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsTimeZone, Matches } from 'class-validator';
import { META_ID, type NewSender, OWNER_NAME } from '#senders';
import { IsLine } from '../http/rules.js';

const metaId = { message: '$property must be an id of Meta: 1 to 32 digits' };
const ownerName = { message: '$property must be 1 to 64 letters, digits or . : _ -' };

/** Body of `POST /v1/senders`. */
export class AddSenderDto {
  @ApiProperty({ description: 'Meta’s id of the business phone number', example: '800000000000001' })
  @Matches(META_ID, metaId)
  phoneNumberId!: string;

  @ApiProperty({ description: 'The WhatsApp Business Account that it belongs to', example: '900000000000001' })
  @Matches(META_ID, metaId)
  wabaId!: string;

  @ApiProperty({ description: 'Stored encrypted and never shown', writeOnly: true, example: 'EAAG…' })
  @Matches(/^[\x21-\x7e]{1,4096}$/, { message: '$property must be 1 to 4096 visible ASCII characters' })
  accessToken!: string;

  @ApiPropertyOptional({ description: 'Left out: one portfolio per WABA', type: String, nullable: true })
  @IsOptional()
  @Matches(OWNER_NAME, ownerName)
  portfolioId?: string | null;

  @ApiPropertyOptional({ description: 'The Meta app of the token', default: 'default', type: String, nullable: true })
  @IsOptional()
  @Matches(OWNER_NAME, ownerName)
  appId?: string | null;

  @ApiPropertyOptional({
    description: 'ISO 4217 code of the currency that the WABA is billed in',
    default: 'USD',
    type: String,
    nullable: true,
  })
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: '$property must be three capital letters' })
  currency?: string | null;

  @ApiPropertyOptional({
    description: 'IANA name of the time zone of the WABA',
    default: 'UTC',
    type: String,
    nullable: true,
  })
  @IsOptional()
  @IsTimeZone()
  timezone?: string | null;

  @ApiPropertyOptional({
    description: 'The number as people read it',
    type: String,
    nullable: true,
    example: '+1 555 010 0000',
  })
  @IsOptional()
  @IsLine(1, 64)
  displayNumber?: string | null;

  /** The sender in our own words, what was left out left out. */
  toInput(): NewSender {
    return {
      phoneNumberId: this.phoneNumberId,
      wabaId: this.wabaId,
      accessToken: this.accessToken,
      portfolioId: this.portfolioId ?? undefined,
      appId: this.appId ?? undefined,
      currency: this.currency ?? undefined,
      timezone: this.timezone ?? undefined,
      displayNumber: this.displayNumber ?? undefined,
    };
  }
}
