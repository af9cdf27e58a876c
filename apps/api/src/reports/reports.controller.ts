import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ReadReportService, type Report, reportCsv } from '#reports';
import { ApiReport } from './api-report.decorator.js';
import {
  DeliveryReportQueryDto,
  FailureReportQueryDto,
  LatencyReportQueryDto,
  type ReportFormat,
  ReportFormatDto,
  WindowReportQueryDto,
} from './report-query.dto.js';
import { ReportRangeDto } from './report-range.dto.js';
import { ReportResponse } from './report.response.js';

const DAY = '2026-11-01';
const SENDER = '800000000000001';

/** Figures over the messages of all clients, on the senders that the key may use. `format=csv` gives the rows as CSV. */
@ApiTags('reports')
@Controller('v1/reports')
@RequireScope('reports:read')
export class ReportsController {
  constructor(private readonly reports: ReadReportService) {}

  /** What became of messages, by when Herald took them. */
  @Get('delivery')
  @ApiReport('Report what became of messages', {
    ...{ day: DAY, messages: 100, waiting: 1, accepted: 96, sent: 96, delivered: 90, read: 45, failed: 3 },
    ...{ expired: 1, cancelled: 0, unknown: 0, deliveredRate: 0.9375, readRate: 0.5 },
  })
  async delivery(
    @Query() { format, ...query }: DeliveryReportQueryDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportResponse | string> {
    return answer(await this.reports.read('delivery', { ...query, senders }), format, reply);
  }

  /** Messages that failed, by code, the most frequent first, with what to do about it. */
  @Get('failures')
  @ApiReport('Report failures by code', {
    ...{ sender: SENDER, failure: '131026', title: 'Message undeliverable' },
    ...{ advice: 'See docs/explanations.md', messages: 3 },
  })
  async failures(
    @Query() { format, ...query }: FailureReportQueryDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportResponse | string> {
    return answer(await this.reports.read('failures', { ...query, senders }), format, reply);
  }

  /** Percentiles of the time from sent to delivered and to read. */
  @Get('latency')
  @ApiReport('Report times to delivered and read', {
    ...{ day: DAY, step: 'delivered', messages: 90, p50Seconds: 2, p90Seconds: 9, p95Seconds: 31, p99Seconds: 1200 },
  })
  async latency(
    @Query() { format, ...query }: LatencyReportQueryDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportResponse | string> {
    return answer(await this.reports.read('latency', { ...query, senders }), format, reply);
  }

  /** Customer service windows that opened and were answered, and free entry points. */
  @Get('windows')
  @ApiReport('Report customer service windows', {
    ...{ day: DAY, opened: 20, answered: 18, answeredRate: 0.9, freeEntryPoints: 2, freeEntryShare: 0.1 },
  })
  async windows(
    @Query() { format, ...query }: WindowReportQueryDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportResponse | string> {
    return answer(await this.reports.read('windows', { ...query, senders }), format, reply);
  }

  /** What Meta allows each sender and its portfolio now, and how much of it is used. */
  @Get('limits')
  @ApiReport(
    'Report limits of senders',
    {
      ...{
        sender: SENDER,
        waba: '900000000000001',
        portfolio: '700000000000001',
        usersLimit: 1000,
        isLimitKnown: true,
      },
      ...{ usersIn24Hours: 250, limitKnownAt: '2026-11-01T00:00:00.000Z', throughputPerSecond: 80 },
      ...{ throughputKnownAt: null, holds: 0 },
    },
    { hasRange: false },
  )
  async limits(
    @Query() { format }: ReportFormatDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportResponse | string> {
    return answer(await this.reports.readPresent('limits', senders), format, reply);
  }

  /** What Meta told of limits, throughput and quality, oldest first: a row each time that one was told otherwise. */
  @Get('limits-history')
  @ApiReport('Report how limits and quality changed', {
    ...{ sender: null, waba: '900000000000001', portfolio: '700000000000001', limit: 'messaging_limit', value: '1000' },
    ...{ knownAt: '2026-11-01T00:00:00.000Z', seenAt: '2026-11-30T00:00:00.000Z', source: 'read' },
  })
  async limitsHistory(
    @Query() { format, ...range }: ReportRangeDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportResponse | string> {
    return answer(await this.reports.readLimitsHistory({ ...range, senders }), format, reply);
  }

  /** What waits to be sent now, by sender and priority, and for how long the oldest could have gone. */
  @Get('queue')
  @ApiReport(
    'Report what waits, and for how long',
    { sender: SENDER, priority: 'standard', waiting: 12, due: 10, oldestDueSeconds: 1.5 },
    { hasRange: false },
  )
  async queue(
    @Query() { format }: ReportFormatDto,
    @CurrentPrincipal() { senders }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportResponse | string> {
    return answer(await this.reports.readPresent('queue', senders), format, reply);
  }
}

function answer(report: Report, format: ReportFormat = 'json', reply: FastifyReply): ReportResponse | string {
  if (format === 'json') return ReportResponse.from(report);
  reply.header('content-type', 'text/csv; charset=utf-8');
  return reportCsv(report);
}
