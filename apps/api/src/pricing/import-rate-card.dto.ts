import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, Length, Matches } from 'class-validator';
import type { RateCardImport } from '#pricing';

const MAX_CSV = 900_000;
const CURRENCY = { message: 'currency must be three capital letters, such as USD' };

/** Body of `POST /v1/rate-cards`. Days are of the WABAs' own time zones. */
export class ImportRateCardDto {
  @ApiProperty({ description: 'ISO 4217', example: 'USD' })
  @Matches(/^[A-Z]{3}$/, CURRENCY)
  currency!: string;

  @ApiProperty({ description: 'First day', example: '2026-01-01' })
  @IsString()
  @Length(10, 10)
  validFrom!: string;

  @ApiPropertyOptional({
    description: 'The first day on which it holds no more; null: until the next card',
    type: String,
    nullable: true,
  })
  @IsOptional()
  @IsString()
  @Length(10, 10)
  validUntil?: string | null;

  @ApiProperty({ description: 'Where it is from', example: 'Meta, rate card of 2026-01-01' })
  @IsString()
  @Length(1, 500)
  source!: string;

  @ApiPropertyOptional({ description: 'Whether these are Meta’s own figures', default: true })
  @IsOptional()
  @IsBoolean()
  isOfficial?: boolean;

  @ApiProperty({ description: 'List rates in Meta’s layout: a header with Market and categories, a line a market' })
  @IsString()
  @Length(1, MAX_CSV)
  csv!: string;

  @ApiPropertyOptional({
    description: 'Volume tiers: market, category, from, to, rate',
    type: String,
    nullable: true,
  })
  @IsOptional()
  @IsString()
  @Length(1, MAX_CSV)
  tiersCsv?: string | null;

  toInput(): RateCardImport {
    const { currency, validFrom, validUntil = null, source, isOfficial = true, csv, tiersCsv = null } = this;
    return { currency, validFrom, validUntil, source, isOfficial, csv, tiersCsv };
  }
}
