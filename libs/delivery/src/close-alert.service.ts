import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { closeAlert } from './queries/alert.query.js';

/** Alerts that tell of something that happened: no cause of theirs ends, so an operator closes them. */
export const CLOSED_BY_OPERATORS: readonly string[] = [
  'internal_build_error',
  'notification_item_dead',
  'pricing_unknown',
  'error_code_unknown',
  'account_error',
];

/** Closes alerts that an operator has seen to. */
@Injectable()
export class CloseAlertService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** One more sighting opens it anew. @returns `has_cause`: it closes when its cause ends, such as a hold; `not_open`: there is none */
  async close(alert: { kind: string; scope: string; scopeId: string }): Promise<'closed' | 'has_cause' | 'not_open'> {
    if (!CLOSED_BY_OPERATORS.includes(alert.kind)) {
      const open = { ...alert, closedAt: null };
      return (await this.database.prisma.alert.findFirst({ where: open })) === null ? 'not_open' : 'has_cause';
    }
    if (!(await closeAlert(this.database, alert))) return 'not_open';
    this.logger.info('alert.closed', { kind: alert.kind, scope: alert.scope });
    return 'closed';
  }
}
