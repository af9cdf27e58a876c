import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, IsString, Length } from 'class-validator';
import {
  COST_DIMENSIONS,
  DELIVERY_DIMENSIONS,
  FAILURE_DIMENSIONS,
  LATENCY_DIMENSIONS,
  MAX_COUNTED_DAYS,
  MAX_REPORT_DAYS,
  WINDOW_DIMENSIONS,
} from '#reports';

export const REPORT_FORMATS = ['json', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Query of reports of what is true now. */
export class ReportFormatDto {
  @ApiPropertyOptional({ enum: REPORT_FORMATS, default: 'json' })
  @IsOptional()
  @IsIn(REPORT_FORMATS)
  format?: ReportFormat;
}

/** A query of a report over days that can be grouped by some dimensions. */
function groupedBy<Dimension extends string>(dimensions: readonly Dimension[], byDefault: string, more = '') {
  class GroupedReportQueryDto extends ReportFormatDto {
    @ApiProperty({ description: 'First day, in the time zone of each account', example: '2026-11-01' })
    @IsString()
    @Length(10, 10)
    from!: string;

    @ApiProperty({
      description: `Last day; at most ${MAX_REPORT_DAYS} days in all, ${MAX_COUNTED_DAYS} by tag and of windows`,
      example: '2026-11-30',
    })
    @IsString()
    @Length(10, 10)
    to!: string;

    @ApiPropertyOptional({
      description: `Separated by commas, of ${dimensions.join(', ')}${more}`,
      type: String,
      default: byDefault,
      example: byDefault,
    })
    @IsOptional()
    @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
    @ArrayMaxSize(dimensions.length)
    @IsIn(dimensions, { each: true })
    groupBy: Dimension[] = byDefault.split(',') as Dimension[];
  }
  return GroupedReportQueryDto;
}

/** Query of `GET /v1/reports/pricing`. */
export class CostReportQueryDto extends groupedBy(COST_DIMENSIONS, 'day,category', '; currency always is') {}

/** Query of `GET /v1/reports/delivery`. */
export class DeliveryReportQueryDto extends groupedBy(DELIVERY_DIMENSIONS, 'day') {}

/** Query of `GET /v1/reports/failures`. */
export class FailureReportQueryDto extends groupedBy(FAILURE_DIMENSIONS, 'sender', '; the code always is') {}

/** Query of `GET /v1/reports/latency`. */
export class LatencyReportQueryDto extends groupedBy(LATENCY_DIMENSIONS, 'day', '; the step always is') {}

/** Query of `GET /v1/reports/windows`. */
export class WindowReportQueryDto extends groupedBy(WINDOW_DIMENSIONS, 'day') {}
