import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ReconciliationReportService, type ReconciliationRow, toCsv } from '#reports';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { ReconciliationResponse } from './reconciliation.response.js';
import { ReportRangeDto } from './report-range.dto.js';

/** Columns of the CSV, and the fields that they are. */
const COLUMNS: Readonly<Record<string, keyof ReconciliationRow>> = {
  waba_id: 'wabaId',
  day: 'day',
  market: 'market',
  countries: 'countries',
  category: 'category',
  pricing_type: 'pricingType',
  currency: 'currency',
  messages: 'messages',
  foreign_messages: 'foreignMessages',
  meta_messages: 'metaMessages',
  messages_difference: 'messagesDifference',
  amount_micros: 'amountMicros',
  foreign_amount_micros: 'foreignAmountMicros',
  meta_amount_micros: 'metaAmountMicros',
  amount_difference_micros: 'amountDifferenceMicros',
  unpriced: 'unpriced',
  compared_at: 'comparedAt',
};

/** Charges beside what Meta says it billed, of accounts all of whose senders the key may use. */
@ApiTags('reports')
@Controller('v1/reports/reconciliation')
@RequireScope('reports:read')
export class ReconciliationController {
  constructor(private readonly reconciliation: ReconciliationReportService) {}

  @Get()
  @ApiOperation({ summary: 'Report where charges and Meta’s figures part' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: ReconciliationResponse })
  @ApiProblems('validation_failed', 'report_range_invalid')
  async read(
    @Query() { from, to, format = 'json' }: ReportRangeDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReconciliationResponse | string> {
    const report = await this.reconciliation.read({ from, to, senders });
    if (format === 'json') return ReconciliationResponse.from(report);
    reply.header('content-type', 'text/csv; charset=utf-8');
    const fields = Object.values(COLUMNS);
    return toCsv(
      Object.keys(COLUMNS),
      report.rows.map((row) => fields.map((field) => textOf(row[field]))),
    );
  }
}

const textOf = (value: ReconciliationRow[keyof ReconciliationRow]) =>
  value instanceof Date ? value.toISOString() : value;
