import { ApiProperty } from '@nestjs/swagger';
import type { Report, ReportRow } from '#reports';

/** A report as rows. */
export class ReportResponse {
  @ApiProperty({
    description: 'A row a group: the dimensions asked for, then the figures',
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  rows!: ReportRow[];

  static from({ rows }: Report): ReportResponse {
    return Object.assign(new ReportResponse(), { rows });
  }
}
