import { MediaStore } from './media-store.js';
import { NotificationSchedule } from './notification-schedule.js';
import { RecipientBook } from './recipient-book.js';
import { RequestLog } from './request-log.js';
import type { SendOutcome } from './request-log.js';
import { SendLimits } from './send-limits.js';
import { changeSettings } from './settings.js';
import type { ProcessSettings, Settings } from './settings.js';
import { TemplateCatalog } from './template-catalog.js';
import { BillingLedger } from './domain/billing-ledger.js';
import { ServiceWindows } from './domain/service-windows.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import type { DispatcherStats } from './webhook-dispatcher.js';

/** What `GET /_simulator/stats` shows. */
export interface SimulatorStats {
  requests: Record<SendOutcome, number>;
  readReceipts: number;
  /** Statuses `failed`, by the code that they gave: what the request log cannot show. */
  failedStatuses: Record<string, number>;
  /** Requests to the target of the redirect scenario: a client that follows redirects. */
  redirectsFollowed: number;
  /** Statuses and messages that wait for their time. */
  notDue: number;
  webhooks: DispatcherStats;
  isIdle: boolean;
}

/** All that the simulated platform knows. Everything but the process settings can be changed and reset while it runs. */
export class Simulator {
  settings: Settings;
  redirectsFollowed = 0;
  readReceipts = 0;
  failedStatuses: Record<string, number> = {};
  /** Answers that are being held back: a slow answer is not idle. */
  slowAnswers = 0;
  readonly log: RequestLog;
  readonly limits = new SendLimits(() => this.settings);
  readonly windows = new ServiceWindows();
  /** What was delivered, and what it costs. */
  readonly ledger = new BillingLedger();
  readonly recipients = new RecipientBook();
  readonly templates = new TemplateCatalog();
  readonly media = new MediaStore();
  readonly dispatcher = new WebhookDispatcher(() => this.settings);
  readonly schedule: NotificationSchedule;

  constructor(
    private readonly initial: Settings,
    process: ProcessSettings,
  ) {
    this.settings = initial;
    this.log = new RequestLog(process.logFile, process.logMemory);
    this.schedule = new NotificationSchedule(this.dispatcher, process.flushMs, () => this.settings.batchSize);
  }

  /** Changes settings; throws an Error naming every wrong key or value. */
  change(changes: Record<string, unknown>): void {
    this.settings = changeSettings(this.settings, changes);
  }

  /** Whether all answers are written and all webhooks delivered. */
  get isIdle(): boolean {
    return this.schedule.size === 0 && this.dispatcher.isIdle && this.slowAnswers === 0;
  }

  /** Counters of the control API. */
  stats(): SimulatorStats {
    const { redirectsFollowed, readReceipts, failedStatuses, isIdle } = this;
    return {
      requests: this.log.counts,
      readReceipts,
      failedStatuses: { ...failedStatuses },
      redirectsFollowed,
      notDue: this.schedule.size,
      webhooks: this.dispatcher.stats(),
      isIdle,
    };
  }

  /** Back to the state after the start; `keepSettings` keeps what was configured since. */
  reset({ keepSettings = false } = {}): void {
    if (!keepSettings) this.settings = this.initial;
    this.redirectsFollowed = 0;
    this.readReceipts = 0;
    this.failedStatuses = {};
    const { log, limits, windows, ledger, recipients, templates, media } = this;
    for (const part of [log, limits, windows, ledger, recipients, templates, media]) part.clear();
    this.schedule.clear();
    this.dispatcher.clear();
  }

  /** Stops webhooks and closes the log file. */
  async close(): Promise<void> {
    this.schedule.clear();
    await this.dispatcher.close();
    this.log.close();
  }
}
