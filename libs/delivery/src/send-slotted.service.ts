import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { Priority } from '#messages';
import { Logger } from '#observability';
import { ClaimMessagesService } from './claim-messages.service.js';
import { ConnectionPool, type TakenConnections } from './connection-pool.js';
import { LaneBreakerService } from './lane-breaker.service.js';
import type { SlottedMessage } from './pacing/lane-line.js';
import { WriteGate } from './pacing/write-gate.js';
import { type ClaimFacts, PrepareMessagesService } from './preparing/prepare-messages.service.js';
import { type OpenAttempt, SendAttemptService } from './send-attempt.service.js';
import { SettleOrJournalService } from './journal/settle-or-journal.service.js';

/** Slots that are claimed together, ms: a message is claimed no earlier than that before it goes on the wire. */
const WINDOW_MS = 200;
/** How long before its first slot a window is claimed, ms. */
const CLAIM_MS = 25;

/** A message and how close together messages of its lane may go. */
export interface PacedMessage extends SlottedMessage {
  intervalMs: number;
}

/** Sends messages that have their slots: claim, wait for the slot, send, settle, each on its own connection. */
@Injectable()
export class SendSlottedService {
  private readonly connections: ConnectionPool;
  private readonly gate = new WriteGate();
  private isStopping = false;

  constructor(
    private readonly claims: ClaimMessagesService,
    private readonly preparing: PrepareMessagesService,
    private readonly attempts: SendAttemptService,
    private readonly settlements: SettleOrJournalService,
    private readonly breaker: LaneBreakerService,
    environment: Environment,
    private readonly logger: Logger,
  ) {
    this.connections = new ConnectionPool(environment.GRAPH_CONNECTIONS);
  }

  /**
   * Sends messages of one sender and priority. Resolves when each of them, by slot, is settled or not ours; never rejects for one of them,
   * its lease brings it back.
   */
  async send(messages: readonly PacedMessage[], priority: Priority): Promise<void> {
    await Promise.all(windowsOf(messages).map((window) => this.sendWindow(window, priority)));
  }

  /** Claims nothing more: for the shutdown. */
  stop(): void {
    this.isStopping = true;
  }

  /** Requests to Graph under way, and results not written down yet. */
  get inFlight(): number {
    return this.connections.inUse;
  }

  /** Claims no more at once than there are connections for. */
  private async sendWindow(window: readonly PacedMessage[], priority: Priority): Promise<void> {
    const [first] = window;
    if (first === undefined) return;
    const waitMs = first.slotAt - CLAIM_MS - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const running: Promise<void>[] = [];
    let next = 0;
    while (next < window.length && !this.isStopping) {
      const connections = await this.connections.take(first.message.phoneNumberId, priority, window.length - next);
      const { count } = connections;
      if (this.isStopping) {
        connections.give(count);
        break;
      }
      running.push(...(await this.start(window.slice(next, next + count), connections)));
      next += count;
    }
    const left = window.slice(next);
    left.forEach(({ release }) => release());
    await this.claims.putBack(left.map(({ message }) => message.messageId));
    await Promise.all(running);
  }

  private async start(messages: readonly PacedMessage[], connections: TakenConnections): Promise<Promise<void>[]> {
    const claimedAt = performance.now();
    const slots = new Map(messages.map((paced) => [paced.message.messageId, paced]));
    const claimed = await this.claims.claim([...slots.keys()]).catch((error: unknown) => {
      this.logger.error('claim.failed', { count: messages.length }, error);
      return [];
    });
    messages.forEach(({ release }) => release());
    connections.give(messages.length - claimed.length);
    const facts = await this.preparing.facts(claimed);
    return claimed.map((message) =>
      this.sendOne({ message, claimedAt }, facts, slots.get(message.messageId)).finally(() => connections.give(1)),
    );
  }

  private async sendOne(attempt: OpenAttempt, facts: ClaimFacts, paced: PacedMessage | undefined): Promise<void> {
    const { messageId, attemptNo, phoneNumberId } = attempt.message;
    try {
      const prepared = await this.preparing.prepare(attempt.message, facts);
      await this.gate.pass(phoneNumberId, paced?.slotAt ?? 0, paced?.intervalMs ?? 0);
      const settlement = await this.attempts.send({ ...attempt, prepared });
      await this.settlements.settle(settlement);
      await this.breaker.note(phoneNumberId, settlement, paced?.message.lane.isBroken ?? false);
    } catch (error) {
      this.logger.error('attempt.not_settled', { messageId, attemptNo }, error);
    }
  }
}

/** Messages cut into runs of WINDOW_MS, each by slot. */
function windowsOf(messages: readonly PacedMessage[]): PacedMessage[][] {
  const windows: PacedMessage[][] = [];
  for (const paced of [...messages].sort((a, b) => a.slotAt - b.slotAt)) {
    const last = windows.at(-1);
    if (last?.[0] !== undefined && paced.slotAt - last[0].slotAt < WINDOW_MS) last.push(paced);
    else windows.push([paced]);
  }
  return windows;
}
