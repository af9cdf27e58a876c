import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { AlertDirectory } from './alert-directory.js';

/** Says in the log of this process that an alert is open: once each, whoever opened it, and those that stood when the process began. */
@Injectable()
export class TellAlertsService {
  private told: ReadonlySet<string> = new Set();

  constructor(
    private readonly alerts: AlertDirectory,
    private readonly logger: Logger,
  ) {}

  /** To be called again and again. @returns how many were new */
  async tell(): Promise<number> {
    const open = await this.alerts.list();
    const fresh = open.filter(({ id }) => !this.told.has(id));
    for (const { kind, scope, scopeId, count } of fresh)
      this.logger.warn('alert.opened', {
        ...{ kind, scope, count },
        ...(scope === 'sender' && { lane: scopeId }),
        ...(scope === 'waba' && { wabaId: scopeId }),
      });
    this.told = new Set(open.map(({ id }) => id));
    return fresh.length;
  }
}
