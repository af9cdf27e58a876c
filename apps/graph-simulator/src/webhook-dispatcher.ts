import { createHash } from 'node:crypto';
import { Agent } from 'undici';
import { toMetaJson } from './domain/meta-json.js';
import { postSigned } from './signed-post.js';

/** What the dispatcher reads anew before every delivery. */
export interface DispatcherSettings {
  webhookUrl: string;
  appSecret: string;
  parallelDeliveries: number;
  redeliverEveryMs: number;
  redeliverForMs: number;
}

/** Counters of the control API. */
export interface DispatcherStats {
  waiting: number;
  underWay: number;
  delivered: number;
  /** Different bodies among those delivered: what a receiver that was told twice must have at least. */
  distinct: number;
  repeated: number;
  givenUp: number;
  discarded: number;
  isPaused: boolean;
}

interface Delivery {
  body: Buffer;
  giveUpAt: number;
  waitMs: number;
}

/**
 * Posts signed webhooks and repeats each one until it is answered 200 or given up. While the receiver is down (no answer
 * or 5xx) one delivery at a time is tried, so that a long outage costs nothing; a delivery refused otherwise waits alone.
 */
export class WebhookDispatcher {
  private readonly agent = new Agent({ keepAliveTimeout: 30_000, connections: 64 });
  private outbox: Delivery[] = [];
  private underWay = 0;
  private waitingAlone = 0;
  private isPaused = false;
  private isReceiverDown = false;
  /** Set while nothing is tried because the receiver is down. */
  private rest: NodeJS.Timeout | null = null;
  /** Tells what belongs to the time before a reset. */
  private generation = 0;
  private readonly bodies = new Set<string>();
  private counts = { delivered: 0, repeated: 0, givenUp: 0, discarded: 0 };

  constructor(private readonly settings: () => DispatcherSettings) {}

  /** Queues one delivery. Without a webhook address it is counted and thrown away. */
  post(envelope: object): void {
    const delivery = this.prepare(envelope);
    if (delivery === null) return;
    this.outbox.push(delivery);
    this.pump();
  }

  /** Posts one delivery before all others and resolves when the first try is over; a failed one is queued as usual. */
  async postNow(envelope: object): Promise<void> {
    const delivery = this.prepare(envelope);
    if (delivery === null) return;
    if (this.isPaused) this.outbox.push(delivery);
    else await this.deliver(delivery);
  }

  /** Nothing waits and nothing is under way. */
  get isIdle(): boolean {
    return this.outbox.length === 0 && this.underWay === 0 && this.waitingAlone === 0;
  }

  /** Holds back all deliveries until `resume`. */
  pause(): void {
    this.isPaused = true;
  }

  /** Lets deliveries go again, without waiting for a back-off. */
  resume(): void {
    this.isPaused = false;
    this.endRest();
  }

  stats(): DispatcherStats {
    const waiting = this.outbox.length + this.waitingAlone;
    return { waiting, underWay: this.underWay, ...this.counts, distinct: this.bodies.size, isPaused: this.isPaused };
  }

  /** Forgets what waits and sets the counters to 0. */
  clear(): void {
    this.generation += 1;
    this.outbox = [];
    this.waitingAlone = 0;
    this.isPaused = false;
    this.isReceiverDown = false;
    clearTimeout(this.rest ?? undefined);
    this.rest = null;
    this.bodies.clear();
    this.counts = { delivered: 0, repeated: 0, givenUp: 0, discarded: 0 };
  }

  /** Drops all connections. */
  async close(): Promise<void> {
    this.clear();
    this.isPaused = true;
    await this.agent.destroy();
  }

  private prepare(envelope: object): Delivery | null {
    const { webhookUrl, redeliverEveryMs, redeliverForMs } = this.settings();
    if (webhookUrl === '') {
      this.counts.discarded += 1;
      return null;
    }
    return { body: Buffer.from(toMetaJson(envelope)), giveUpAt: Date.now() + redeliverForMs, waitMs: redeliverEveryMs };
  }

  private pump(): void {
    while (this.mayStart()) {
      const delivery = this.outbox.shift();
      if (delivery === undefined) return;
      void this.deliver(delivery).then(() => this.pump());
    }
  }

  private mayStart(): boolean {
    const parallel = this.isReceiverDown ? 1 : this.settings().parallelDeliveries;
    return !this.isPaused && this.underWay < parallel && this.rest === null;
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { generation } = this;
    const { webhookUrl, appSecret } = this.settings();
    this.underWay += 1;
    const httpStatus = await postSigned(webhookUrl, delivery.body, appSecret.split(',')[0] ?? '', this.agent);
    this.underWay -= 1;
    if (generation !== this.generation) return;
    this.isReceiverDown = httpStatus === null || httpStatus >= 500;
    if (httpStatus === 200) this.countDelivered(delivery);
    else this.repeatLater(delivery);
  }

  private countDelivered({ body }: Delivery): void {
    this.counts.delivered += 1;
    this.bodies.add(createHash('sha256').update(body).digest('base64'));
  }

  private repeatLater(delivery: Delivery): void {
    if (Date.now() >= delivery.giveUpAt) {
      this.counts.givenUp += 1;
      return;
    }
    this.counts.repeated += 1;
    const { waitMs } = delivery;
    const longestWaitMs = 2 * this.settings().redeliverEveryMs;
    const again = { ...delivery, waitMs: Math.min(waitMs * 1.25, longestWaitMs) };
    if (this.isReceiverDown) this.restAll(again, waitMs);
    else this.waitAlone(again, waitMs);
  }

  /** Nothing is tried for a while; the failed delivery queues up behind the others. */
  private restAll(delivery: Delivery, waitMs: number): void {
    this.outbox.push(delivery);
    clearTimeout(this.rest ?? undefined);
    this.rest = setTimeout(() => this.endRest(), waitMs).unref();
  }

  private endRest(): void {
    clearTimeout(this.rest ?? undefined);
    this.rest = null;
    this.pump();
  }

  private waitAlone(delivery: Delivery, waitMs: number): void {
    const { generation } = this;
    this.waitingAlone += 1;
    setTimeout(() => {
      if (generation !== this.generation) return;
      this.waitingAlone -= 1;
      this.outbox.push(delivery);
      this.pump();
    }, waitMs).unref();
  }
}
