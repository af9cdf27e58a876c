import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, IsString, Length } from 'class-validator';
import { COST_DIMENSIONS, type CostDimension } from '#reports';

const FORMATS = ['json', 'csv'] as const;

/** Query of `GET /v1/reports/pricing`. */
export class CostReportQueryDto {
  @ApiProperty({ description: 'First day, in the time zone of each account', example: '2026-11-01' })
  @IsString()
  @Length(10, 10)
  from!: string;

  @ApiProperty({ description: 'Last day', example: '2026-11-30' })
  @IsString()
  @Length(10, 10)
  to!: string;

  @ApiPropertyOptional({
    description: `Separated by commas, of ${COST_DIMENSIONS.join(', ')}; currency always is`,
    type: String,
    default: 'day,category',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayMaxSize(COST_DIMENSIONS.length)
  @IsIn(COST_DIMENSIONS, { each: true })
  groupBy?: CostDimension[];

  @ApiPropertyOptional({ enum: FORMATS, default: 'json' })
  @IsOptional()
  @IsIn(FORMATS)
  format?: (typeof FORMATS)[number];
}
