import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsPastInstant } from '../http/rules.js';

/** Query of `GET /v1/windows/{sender}/{contact}`. */
export class WindowQueryDto {
  @ApiPropertyOptional({
    description: 'An instant of the past; now when left out',
    format: 'date-time',
    type: String,
    example: '2026-11-22T12:00:00Z',
  })
  @IsOptional()
  @IsPastInstant()
  at?: string;
}
