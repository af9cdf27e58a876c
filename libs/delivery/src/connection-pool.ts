import { setTimeout as sleep } from 'node:timers/promises';
import type { Priority } from '#messages';

/** Part of the connections that each priority has for itself, so that bulk never delays urgent; what is left is anybody's. */
const KEPT: Record<Priority, number> = { urgent: 0.3, standard: 0.2, bulk: 0.1 };
/** Part of what a priority may use that one sender may have, so that no other waits for it alone. */
const SENDER_SHARE = 0.75;
/** The same while a request of this sender has had no answer for so long, ms: it hangs. */
const SLOW_SHARE = 0.1;
const SLOW_MS = 2_000;
/** Part of the connections that a claim would have, rather than send one or two messages with statements of their own. */
const WORTHWHILE = 0.1;
/** How long it waits for that many once there is one, ms. */
const LINGER_MS = 10;

/** Connections that were taken together. */
export interface TakenConnections {
  readonly count: number;
  give(count: number): void;
}

/** What a sender uses in one priority: how many, and since when the first of them. */
interface Use {
  count: number;
  /** Taken together, and not all given back: the first is the oldest. */
  taken: Set<{ since: number }>;
}

/**
 * The connections to the Graph API that this process may use. A claim takes no more messages than it has connections for, so that a
 * crash leaves no more of them uncertain than were on the wire.
 */
export class ConnectionPool {
  private readonly used: Record<Priority, number> = { urgent: 0, standard: 0, bulk: 0 };
  private readonly kept: Record<Priority, number>;
  private readonly common: number;
  private readonly worthwhile: number;
  /** By priority and sender. */
  private readonly uses = new Map<string, Use>();
  /** By priority and sender: those of one take in turns. */
  private readonly turns = new Map<string, Promise<unknown>>();
  private waiting: (() => void)[] = [];

  constructor(
    size: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.kept = { urgent: part(size, KEPT.urgent), standard: part(size, KEPT.standard), bulk: part(size, KEPT.bulk) };
    this.common = Math.max(0, size - this.kept.urgent - this.kept.standard - this.kept.bulk);
    this.worthwhile = part(size, WORTHWHILE);
  }

  /** Takes between one and `wanted` connections for a sender: waits while there is none, and a moment for more when there are few. */
  async take(sender: string, priority: Priority, wanted: number): Promise<TakenConnections> {
    const key = `${priority} ${sender}`;
    const turn = (this.turns.get(key) ?? Promise.resolve()).then(() => this.takeInTurn(key, priority, wanted));
    this.turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(key) === turn) this.turns.delete(key);
    }
  }

  /** Connections in use now. */
  get inUse(): number {
    return this.used.urgent + this.used.standard + this.used.bulk;
  }

  private async takeInTurn(key: string, priority: Priority, wanted: number): Promise<TakenConnections> {
    let count = 0;
    while (count === 0) {
      while (this.freeFor(key, priority) === 0) await this.change();
      await this.linger(key, priority, Math.min(wanted, this.worthwhile, this.mostFor(key, priority)));
      count = Math.min(wanted, this.freeFor(key, priority));
    }
    return this.handOut(key, priority, count);
  }

  private handOut(key: string, priority: Priority, count: number): TakenConnections {
    const use = this.uses.get(key) ?? { count: 0, taken: new Set() };
    const own = { since: this.now() };
    let left = count;
    this.used[priority] += count;
    use.count += count;
    use.taken.add(own);
    this.uses.set(key, use);
    const give = (given: number) => {
      if (given === 0) return;
      left -= given;
      this.used[priority] -= given;
      use.count -= given;
      if (left === 0) use.taken.delete(own);
      if (use.count === 0) this.uses.delete(key);
      const waiting = this.waiting;
      this.waiting = [];
      for (const wake of waiting) wake();
    };
    return { count, give };
  }

  private async linger(key: string, priority: Priority, enough: number): Promise<void> {
    if (this.freeFor(key, priority) >= enough) return;
    let isOver = false;
    const over = sleep(LINGER_MS).then(() => (isOver = true));
    while (this.freeFor(key, priority) < enough && !isOver) await Promise.race([this.change(), over]);
  }

  private freeFor(key: string, priority: Priority): number {
    const beyond = (one: Priority) => Math.max(0, this.used[one] - this.kept[one]);
    const common = Math.max(0, this.common - beyond('urgent') - beyond('standard') - beyond('bulk'));
    const free = Math.max(0, this.kept[priority] - this.used[priority]) + common;
    return Math.max(0, Math.min(free, this.mostFor(key, priority) - (this.uses.get(key)?.count ?? 0)));
  }

  private mostFor(key: string, priority: Priority): number {
    const oldest = this.uses.get(key)?.taken.values().next().value;
    const isSlow = oldest !== undefined && this.now() - oldest.since >= SLOW_MS;
    return part(this.kept[priority] + this.common, isSlow ? SLOW_SHARE : SENDER_SHARE);
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

const part = (size: number, share: number) => Math.max(1, Math.floor(size * share));
