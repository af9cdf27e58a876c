import { Injectable } from '@nestjs/common';
import { HealthService } from '#observability';
import { AlertDirectory } from './alert-directory.js';

/** Readiness says `degraded` while an alert is open: the process does its work, and an operator should look. */
@Injectable()
export class AlertHealth {
  constructor(health: HealthService, alerts: AlertDirectory) {
    health.add('alerts', async () => {
      const kinds = await alerts.openKinds();
      if (kinds.size === 0) return { status: 'up' };
      return { status: 'degraded', reason: [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ') };
    });
  }
}
