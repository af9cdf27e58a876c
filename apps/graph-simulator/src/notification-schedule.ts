import { packNotifications } from './domain/notification.js';
import type { NotificationItem } from './domain/notification.js';
import { DueQueue } from './domain/due-queue.js';
import type { WebhookDispatcher } from './webhook-dispatcher.js';

/** Holds notifications until they are due, then hands them on packed together: what is due at one look is one batch. */
export class NotificationSchedule {
  private readonly queue: DueQueue<NotificationItem>;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly dispatcher: WebhookDispatcher,
    private readonly flushMs: number,
    private readonly batchSize: () => number,
  ) {
    this.queue = new DueQueue(flushMs);
  }

  /** How many notifications are not due yet. */
  get size(): number {
    return this.queue.size;
  }

  /** Delivers an item at `dueAt` (ms) or at the first look after it. */
  add(item: NotificationItem, dueAt: number): void {
    this.queue.add(item, dueAt);
    this.timer ??= setInterval(() => this.flush(), this.flushMs);
  }

  /** Forgets what is not due yet. */
  clear(): void {
    this.queue.clear();
    this.stop();
  }

  private flush(): void {
    const due = this.queue.takeDue(Date.now());
    for (const envelope of packNotifications(due, this.batchSize())) this.dispatcher.post(envelope);
    if (this.queue.size === 0) this.stop();
  }

  private stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}
