import { Module } from '@nestjs/common';
import { CostReportService } from './cost-report.service.js';
import { ReadReportService } from './read-report.service.js';
import { SetUpReaderService } from './reader/set-up-reader.service.js';
import { ReconciliationReportService } from './reconciliation-report.service.js';
import { RefreshRollupsService } from './rollups/refresh-rollups.service.js';

const SERVICES = [
  CostReportService,
  ReadReportService,
  ReconciliationReportService,
  RefreshRollupsService,
  SetUpReaderService,
];

/** Figures over many messages. The rollups are its own; of all else it only reads. */
@Module({ providers: SERVICES, exports: SERVICES })
export class ReportsModule {}
