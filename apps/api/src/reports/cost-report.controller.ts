import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { COST_DIMENSIONS, type CostReport, CostReportService, toCsv } from '#reports';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { CostReportResponse } from './cost-report.response.js';
import { CostReportQueryDto } from './report-query.dto.js';

/** What messages of all clients cost, on the senders that the key may use. */
@ApiTags('reports')
@Controller('v1/reports/pricing')
@RequireScope('reports:read')
export class CostReportController {
  constructor(private readonly costs: CostReportService) {}

  /** What delivered messages cost. `format=csv` gives the rows, and the adjustments of tiers that are in the totals as rows with the mark `tier_adjustment`. */
  @Get()
  @ApiOperation({ summary: 'Report what messages cost' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: CostReportResponse })
  @ApiProblems('validation_failed', 'report_range_invalid')
  async pricing(
    @Query() { from, to, groupBy, format = 'json' }: CostReportQueryDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CostReportResponse | string> {
    const report = await this.costs.read({ from, to, groupBy, senders });
    if (format === 'json') return CostReportResponse.from(report);
    reply.header('content-type', 'text/csv; charset=utf-8');
    return costCsv(report, new Set(groupBy));
  }
}

function costCsv({ rows, adjustments }: CostReport, asked: ReadonlySet<string>): string {
  const dimensions = COST_DIMENSIONS.filter((dimension) => dimension === 'mark' || asked.has(dimension));
  const counted = adjustments.filter(({ isCounted }) => isCounted);
  const adjusted = counted.map(({ market, category, month, currency, amountMicros }) => {
    const values: Record<string, string> = { market, category, month, mark: 'tier_adjustment' };
    return [...dimensions.map((dimension) => values[dimension] ?? null), currency, 0, amountMicros, 0];
  });
  return toCsv(
    [...dimensions, 'currency', 'messages', 'amount_micros', 'unpriced'],
    [
      ...rows.map((row) => [
        ...dimensions.map((dimension) => row[dimension] ?? null),
        row.currency,
        row.messages,
        row.amountMicros,
        row.unpriced,
      ]),
      ...adjusted,
    ],
  );
}
