import { setTimeout as sleep } from 'node:timers/promises';
import type { Priority } from '#messages';

/** Part of the connections that each priority has for itself, so that bulk never delays urgent; what is left is anybody's. */
const KEPT: Record<Priority, number> = { urgent: 0.3, standard: 0.2, bulk: 0.1 };
/** Part of the connections that a claim would have, rather than send one or two messages with statements of their own. */
const WORTHWHILE = 0.1;
/** How long it waits for that many once there is one, ms. */
const LINGER_MS = 10;

/**
 * The connections to the Graph API that this process may use. A claim takes no more messages than it has connections for, so that a
 * crash leaves no more of them uncertain than were on the wire.
 */
export class ConnectionPool {
  private readonly used: Record<Priority, number> = { urgent: 0, standard: 0, bulk: 0 };
  private readonly kept: Record<Priority, number>;
  private readonly common: number;
  private readonly worthwhile: number;
  /** Those of one priority take in turns. */
  private readonly turns: Record<Priority, Promise<unknown>>;
  private waiting: (() => void)[] = [];

  constructor(size: number) {
    const part = (share: number) => Math.max(1, Math.floor(size * share));
    this.kept = { urgent: part(KEPT.urgent), standard: part(KEPT.standard), bulk: part(KEPT.bulk) };
    this.common = Math.max(0, size - this.kept.urgent - this.kept.standard - this.kept.bulk);
    this.worthwhile = part(WORTHWHILE);
    const now = Promise.resolve();
    this.turns = { urgent: now, standard: now, bulk: now };
  }

  /** Takes between one and `wanted` connections: waits while there is none, and a moment for more when there are few. */
  take(priority: Priority, wanted: number): Promise<number> {
    const turn = this.turns[priority].then(() => this.takeInTurn(priority, wanted));
    this.turns[priority] = turn;
    return turn;
  }

  give(priority: Priority, count: number): void {
    if (count === 0) return;
    this.used[priority] -= count;
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  /** Connections in use now. */
  get inUse(): number {
    return this.used.urgent + this.used.standard + this.used.bulk;
  }

  private async takeInTurn(priority: Priority, wanted: number): Promise<number> {
    let taken = 0;
    while (taken === 0) {
      while (this.freeFor(priority) === 0) await this.change();
      await this.linger(priority, Math.min(wanted, this.worthwhile));
      taken = Math.min(wanted, this.freeFor(priority));
    }
    this.used[priority] += taken;
    return taken;
  }

  private async linger(priority: Priority, enough: number): Promise<void> {
    if (this.freeFor(priority) >= enough) return;
    let isOver = false;
    const over = sleep(LINGER_MS).then(() => (isOver = true));
    while (this.freeFor(priority) < enough && !isOver) await Promise.race([this.change(), over]);
  }

  private freeFor(priority: Priority): number {
    const beyond = (one: Priority) => Math.max(0, this.used[one] - this.kept[one]);
    const common = this.common - beyond('urgent') - beyond('standard') - beyond('bulk');
    return Math.max(0, this.kept[priority] - this.used[priority]) + Math.max(0, common);
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
