import { Module } from '@nestjs/common';
import { AlertDirectory } from './alert-directory.js';
import { AlertHealth } from './alert-health.js';
import { CloseAlertService } from './close-alert.service.js';
import { HoldDirectory } from './hold-directory.js';
import { HoldService } from './hold.service.js';
import { TellAlertsService } from './tell-alerts.service.js';

const SERVICES = [AlertDirectory, CloseAlertService, HoldDirectory, HoldService, TellAlertsService];

/** Holds and alerts, for workers and for operators: needs nothing but the database. */
@Module({ providers: [...SERVICES, AlertHealth], exports: SERVICES })
export class HoldsModule {}
