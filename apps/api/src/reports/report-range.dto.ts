import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { ReportFormatDto } from './report-query.dto.js';

/** Query of reports over days that are not grouped. */
export class ReportRangeDto extends ReportFormatDto {
  @ApiProperty({ description: 'First day, in the time zone of each account', example: '2026-11-01' })
  @IsString()
  @Length(10, 10)
  from!: string;

  @ApiProperty({ description: 'Last day', example: '2026-11-30' })
  @IsString()
  @Length(10, 10)
  to!: string;
}
