import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';

const STATES = ['open', 'all'] as const;

/** Query of `GET /v1/alerts`. */
export class AlertQueryDto {
  @ApiPropertyOptional({ description: 'all: the newest 500, also closed ones', enum: STATES, default: 'open' })
  @IsOptional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];
}
