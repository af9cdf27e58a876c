import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database } from '#persistence';
import {
  type Account,
  accountsOf,
  CompareAccountService,
  type DayRange,
  judge,
  settledDays,
  takeDueAccounts,
  type Verdict,
} from '#pricing';
import { closeAlert, openAlert } from './queries/alert.query.js';

/** What came of an account. */
export type ReconciledAccount = { wabaId: string; currency: string; range: DayRange } & (
  ({ kind: 'compared' } & Verdict) | { kind: 'not_compared'; reason: string }
);

/** Accounts compared in one round. */
const ROUND = 10;
const ALERT = { kind: 'pricing_differs', scope: 'waba' };

/** Compares charges with what Meta says it billed, and tells an operator when they are too far apart. */
@Injectable()
export class ReconcileAccountsService {
  constructor(
    private readonly database: Database,
    private readonly compare: CompareAccountService,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** Compares the days that have settled, of accounts that were not compared for so long. Never rejects. */
  async reconcileDue(olderThanMs: number): Promise<void> {
    try {
      const now = new Date();
      for (const account of await takeDueAccounts(this.database, olderThanMs, ROUND))
        await this.reconcile(account, settledDays(now, account.timezone));
    } catch (error) {
      this.logger.warn('pricing.not_reconciled', {}, error);
    }
  }

  /** Compares now: all accounts, or one; the days that have settled, or those of a range, today included if it is in it. */
  async reconcileNow(wabaId: string | null, range: DayRange | null): Promise<ReconciledAccount[]> {
    const now = new Date();
    const reconciled: ReconciledAccount[] = [];
    for (const account of await accountsOf(this.database, wabaId))
      reconciled.push(await this.reconcile(account, range ?? settledDays(now, account.timezone)));
    return reconciled;
  }

  private async reconcile(account: Account, range: DayRange): Promise<ReconciledAccount> {
    const { wabaId, currency } = account;
    const compared = await this.compare.compare(account, range);
    if (compared.kind === 'not_compared') {
      this.logger.warn('pricing.not_reconciled', { wabaId, reason: compared.reason });
      return { wabaId, currency, range, ...compared };
    }
    const verdict = judge(compared.rows, this.environment.RECONCILE_ALERT_PER_MILLE);
    this.logger.info('pricing.reconciled', {
      wabaId,
      count: compared.rows.length,
      outcome: verdict.differs ? 'differs' : 'agrees',
    });
    if (verdict.differs)
      await openAlert(this.database, { ...ALERT, scopeId: wabaId, advice: adviceOn(range, verdict) });
    else await closeAlert(this.database, { ...ALERT, scopeId: wabaId });
    return { kind: 'compared', wabaId, currency, range, ...verdict };
  }
}

const adviceOn = ({ from, to }: DayRange, { messages, metaMessages, messagesPerMille, amountPerMille }: Verdict) =>
  `From ${from} to ${to} Herald charged ${messages} messages, and Meta says that it billed ${metaMessages}: ${messagesPerMille} per mille of messages and ${amountPerMille} per mille of amounts do not agree. See GET /v1/reports/reconciliation; webhooks that were missed, another time zone or currency of the account, or a rate card that is not Meta's are the usual reasons.`;
