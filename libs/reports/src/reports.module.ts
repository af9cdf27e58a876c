import { Module } from '@nestjs/common';
import { CostReportService } from './cost-report.service.js';

/** Figures over many messages, read only. */
@Module({ providers: [CostReportService], exports: [CostReportService] })
export class ReportsModule {}
