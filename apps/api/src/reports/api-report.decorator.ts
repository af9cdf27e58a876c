import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, getSchemaPath } from '@nestjs/swagger';
import type { ReportRow } from '#reports';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { ReportResponse } from './report.response.js';

/** Describes a report with a row as an example. `hasRange` false: of what is true now. */
export const ApiReport = (summary: string, row: ReportRow, { hasRange = true } = {}) =>
  applyDecorators(
    ApiOperation({ summary }),
    ApiProduces('application/json', 'text/csv'),
    ApiExtraModels(ReportResponse),
    ApiOkResponse({
      content: {
        'application/json': { schema: { $ref: getSchemaPath(ReportResponse) }, example: { rows: [row] } },
        'text/csv': { schema: { type: 'string' } },
      },
    }),
    ApiProblems('validation_failed', ...(hasRange ? (['report_range_invalid'] as const) : [])),
  );
