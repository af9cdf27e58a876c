import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { notifyDue } from '#messages';
import { Logger } from '#observability';
import { coalesce, Database, retryUnit } from '#persistence';
import { FORGET_AFTER_MS } from '../domain/hold-policy.js';
import { type DeferredMessage, deferMessages } from './queries/defer-messages.query.js';
import type { SlottedMessage } from './lane-line.js';
import { markFed } from './queries/mark-fed.query.js';
import { type DueMessage, readDueMessages } from './queries/read-due-messages.query.js';

const MAX_JOBS = 8;
const IN_FLIGHT = 2;
/** A message that leaves within so long is claimed before the feeder comes by, ms. */
const SOON_MS = 50;

/** Looks at messages before they are claimed, and lets those wait whose recipient may get no more for now. */
@Injectable()
export class DueMessagesService {
  private readonly readJob = coalesce<readonly string[], DueMessage[]>({
    run: (jobs) => this.readAll(jobs),
    maxBatch: MAX_JOBS,
    inFlight: IN_FLIGHT,
  });
  private isTelling = false;

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** @returns those that may be sent now, in the order of their ids here. Jobs that ask at once share one statement. */
  async read(messageIds: readonly string[]): Promise<DueMessage[]> {
    return this.readJob(messageIds);
  }

  /**
   * Takes messages out of the queue until their recipient's turn, and tells the feeder, whose next ones have room now. Never
   * rejects: what stays as it is, the feeder finds again.
   */
  async defer(messages: readonly DeferredMessage[]): Promise<void> {
    try {
      await retryUnit(() => deferMessages(this.database, messages));
      await this.tellFeeder();
    } catch (error) {
      this.logger.warn('messages.not_deferred', { count: messages.length }, error);
    }
  }

  /** Messages that nobody fed and that have a slot a while ahead: the feeder shall not feed them meanwhile. Never rejects. */
  async keepFromFeeder(messages: readonly SlottedMessage[]): Promise<void> {
    const soonAt = performance.now() + SOON_MS;
    const later = messages.filter(({ slotAt }) => slotAt > soonAt).map(({ message }) => message.messageId);
    if (later.length > 0) await markFed(this.database, later).catch(() => undefined);
  }

  /** One NOTIFY at a time: it only says "look". */
  private async tellFeeder(): Promise<void> {
    if (this.isTelling) return;
    this.isTelling = true;
    await notifyDue(this.database).finally(() => (this.isTelling = false));
  }

  private async readAll(jobs: readonly (readonly string[])[]): Promise<DueMessage[][]> {
    const { PAIR_CAPACITY, PAIR_REFILL_MS } = this.environment;
    const options = { pairTokenMs: PAIR_CAPACITY * PAIR_REFILL_MS, releasedForMs: FORGET_AFTER_MS };
    const ids = [...new Set(jobs.flat())];
    const found = await retryUnit(() => readDueMessages(this.database, ids, options));
    const byId = new Map(found.map((message) => [message.messageId, message]));
    return jobs.map((job) => job.flatMap((id) => byId.get(id) ?? []));
  }
}
