import { Injectable } from '@nestjs/common';
import { type HealthReport, HealthService } from '#observability';
import { AlertDirectory } from './alert-directory.js';

/** How long readiness waits for the alerts, ms: that Postgres does not answer is said by its own part. */
const PATIENCE_MS = 500;

/** Readiness says `degraded` while an alert is open: the process does its work, and an operator should look. */
@Injectable()
export class AlertHealth {
  /** The question under way: a Postgres that hangs is asked once, not once for each who asks us. */
  private asking: Promise<HealthReport> | undefined;

  constructor(
    health: HealthService,
    private readonly alerts: AlertDirectory,
  ) {
    health.add('alerts', () => this.report());
  }

  private async report(): Promise<HealthReport> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<HealthReport>((resolve) => {
      timer = setTimeout(() => resolve(UNKNOWN), PATIENCE_MS);
    });
    return Promise.race([this.asking, late]).finally(() => clearTimeout(timer));
  }

  private async ask(): Promise<HealthReport> {
    const kinds = await this.alerts.openKinds().catch(() => null);
    if (kinds === null) return UNKNOWN;
    if (kinds.size === 0) return { status: 'up' };
    return { status: 'degraded', reason: [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ') };
  }
}

const UNKNOWN: HealthReport = { status: 'up', reason: 'the alerts cannot be read' };
