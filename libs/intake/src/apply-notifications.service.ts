import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { type ConsentWords, consentWords } from '#contacts';
import { openAlert, StatusChannelService } from '#delivery';
import { type NotificationItem, splitNotification } from '#graph-api';
import { describeError, Logger } from '#observability';
import { Database, databaseErrorKind, sqlState, type Tx } from '#persistence';
import { WakeService } from '#queues';
import { type AppliedItems, applyItems } from './apply-items.js';
import { messagesOf } from './arrived-messages.js';
import { eraseUnappliedOnDeletion } from './deletion/erase-deleted.js';
import { lockBurial } from './deletion/queries/deletions.query.js';
import type { Arrived } from './domain/arrived.js';
import { backoffMs } from './domain/backoff.js';
import {
  buryItems,
  claimNotifications,
  type ClaimedNotification,
  finishNotifications,
  putBackNotification,
} from './queries/claim-notifications.query.js';
import { noteUnhandled } from './queries/keep-items.query.js';

/** A statement for many is cheaper for each; what is in hand at once is some ten times its bytes. */
const BATCH = { limit: 200, maxBytes: 1024 * 1024 };
const MAX_TRIES = 5;

/** Applies stored notifications: each item to its owner, each once in effect. Safe to run in several processes at once. */
@Injectable()
export class ApplyNotificationsService {
  private isStopping = false;
  private running: Promise<number> | undefined;
  private readonly words: ConsentWords;

  constructor(
    private readonly database: Database,
    private readonly channel: StatusChannelService,
    private readonly wakeService: WakeService,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {
    this.words = consentWords(environment.OPT_OUT_KEYWORDS, environment.OPT_IN_KEYWORDS);
  }

  /**
   * Applies what waits, oldest first, until nothing does. One batch at a time in a process: two would mostly wait for each other's
   * rows, since `sent`, `delivered` and `read` of a message come close together.
   * @param everyMs so long after a batch that was not full the next one begins: at a steady rate what comes meanwhile shares it. Whoever
   * comes while nothing runs does not wait.
   * @returns how many notifications
   */
  apply({ everyMs = 0 } = {}): Promise<number> {
    this.running ??= this.applyAll(everyMs).finally(() => (this.running = undefined));
    return this.running;
  }

  private async applyAll(everyMs: number): Promise<number> {
    let applied = 0;
    while (!this.isStopping) {
      const beganAt = performance.now();
      const notifications = await claimNotifications(this.database, {
        ...BATCH,
        leaseMs: this.environment.INBOX_LEASE_MS,
      });
      if (notifications.length === 0) break;
      await this.applyBatch(notifications);
      applied += notifications.length;
      const waitMs = beganAt + everyMs - performance.now();
      if (waitMs > 0 && !fillsBatch(notifications)) await sleep(waitMs);
    }
    return applied;
  }

  /** Claims nothing more: for the shutdown. */
  stop(): void {
    this.isStopping = true;
  }

  private async applyBatch(notifications: ClaimedNotification[]): Promise<void> {
    const startedAt = performance.now();
    try {
      const items = await this.applyTogether(notifications);
      this.logger.debug('notifications.applied', {
        count: notifications.length,
        items,
        durationMs: Math.round(performance.now() - startedAt),
      });
    } catch (error) {
      if (isOutage(error)) throw error;
      this.logger.warn('notifications.not_applied_together', { count: notifications.length }, error);
      for (const notification of notifications) await this.applyAlone(notification);
    }
  }

  /** @returns how many items it had to look at */
  private async applyTogether(notifications: ClaimedNotification[]): Promise<number> {
    const items = notifications.flatMap(split);
    const { attempts, files } = await this.database.transaction(async (tx) => {
      const waiting = await finishNotifications(
        tx,
        notifications.map(({ inboxId }) => inboxId),
      );
      const applied = await applyItems(
        tx,
        items.filter(({ inboxId }) => waiting.has(inboxId)),
        this.words,
      );
      await noteUnhandled(tx, applied.unhandled);
      return applied;
    });
    await this.channel.noteStatuses(attempts);
    await this.wakeForFiles(files);
    return items.length;
  }

  private async applyAlone(notification: ClaimedNotification): Promise<void> {
    try {
      await this.applyTogether([notification]);
    } catch (error) {
      if (isOutage(error)) throw error;
      await this.applyByItem(notification);
    }
  }

  /** Item by item, so that a bad one keeps none of the others back. */
  private async applyByItem(notification: ClaimedNotification): Promise<void> {
    const failed: { idx: number; reason: string }[] = [];
    const applied: AppliedItems = { unhandled: [], attempts: [], files: 0 };
    for (const arrived of split(notification)) {
      try {
        const { unhandled, attempts, files } = await this.database.transaction((tx) =>
          applyItems(tx, [arrived], this.words),
        );
        applied.unhandled.push(...unhandled);
        applied.attempts.push(...attempts);
        applied.files += files;
      } catch (error) {
        if (isOutage(error)) throw error;
        failed.push({ idx: arrived.item.idx, reason: describeError(error).sentence });
      }
    }
    await this.close(notification, failed, applied.unhandled);
    await this.channel.noteStatuses(applied.attempts);
    await this.wakeForFiles(applied.files);
  }

  /** A hint: without it the worker finds the rows by itself. */
  private async wakeForFiles(files: number): Promise<void> {
    if (files > 0) await this.wakeService.wakeSoon([{ queue: 'media', job: {} }], { unlessWaiting: 1 });
  }

  private async close(
    notification: ClaimedNotification,
    failed: { idx: number; reason: string }[],
    unhandled: AppliedItems['unhandled'],
  ): Promise<void> {
    const { inboxId, tries } = notification;
    if (failed.length > 0 && tries < MAX_TRIES)
      return putBackNotification(this.database, inboxId, backoffMs(tries, Math.random()));
    await this.database.transaction(async (tx) => {
      if (failed.length === 0) await finishNotifications(tx, [inboxId]);
      else await bury(tx, notification, failed);
      await noteUnhandled(tx, unhandled);
    });
    if (failed.length > 0) this.logger.error('notification.items_dead', { inboxId, count: failed.length, tries });
  }
}

async function bury(
  tx: Tx,
  notification: ClaimedNotification,
  failed: { idx: number; reason: string }[],
): Promise<void> {
  const { inboxId } = notification;
  const dead = new Set(failed.map(({ idx }) => idx));
  const messages = split(notification)
    .filter(({ item }) => dead.has(item.idx))
    .flatMap(messagesOf);
  if (messages.length > 0) await lockBurial(tx);
  await buryItems(tx, inboxId, failed);
  if (messages.length > 0) await eraseUnappliedOnDeletion(tx, messages);
  const advice =
    'Items of a webhook notification could not be applied. Read inbox_dead_item for the reason; after a fix they can be replayed.';
  await openAlert(tx, { kind: 'notification_item_dead', scope: 'inbox', scopeId: inboxId, advice });
}

/** Whether more may wait that had no room. */
const fillsBatch = (notifications: readonly ClaimedNotification[]) =>
  notifications.length === BATCH.limit || notifications.reduce((sum, { raw }) => sum + raw.length, 0) >= BATCH.maxBytes;

/** The database cannot be used at all: no item's fault. A statement that it cancelled for its length may well be. */
const isOutage = (error: unknown) => databaseErrorKind(error) === 'lost' && sqlState(error) !== '57014';

function split({ inboxId, raw, receivedAt }: ClaimedNotification): Arrived<NotificationItem>[] {
  return splitNotification(raw.toString('utf8')).map((item) => ({ item, inboxId, receivedAt }));
}
