import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { type ConsentWords, consentWords, deriveContacts } from '#contacts';
import { type NotificationItem, splitNotification } from '#graph-api';
import { describeError } from '#observability';
import { Database, type Session, type Statement, type Tx } from '#persistence';
import { settleNextTier } from '#pricing';
import { deriveLimits } from '#senders';
import { deriveTemplates } from '#templates';
import { applyItems } from '../apply-items.js';
import type { Arrived } from '../domain/arrived.js';
import { type ComparedTable, compareReplay } from './queries/compare-replay.query.js';
import {
  analyseScratch,
  createScratchTables,
  fillScratchTables,
  liveSchema,
  noteApplied,
  noteLive,
  readAccounts,
} from './queries/prepare-replay.query.js';
import { type AppliedNotification, readApplied, readOwners } from './queries/read-applied.query.js';

const BATCH = { limit: 100, maxBytes: 8 * 1024 * 1024 };
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** What a replay found. */
export interface ReplayReport {
  notifications: number;
  items: number;
  /** Items from before their sender or account was added, and those that are dead: they have no effect in the live tables either. */
  leftOut: number;
  /** Items that can be applied no more, each with why. */
  failed: { inboxId: string; idx: number; reason: string }[];
  tables: ComparedTable[];
}

/**
 * Applies all notifications that were applied once more, by the same code, to empty tables of its own, and compares the outcome with
 * the live ones (delivery protocol §9, I12). What we did ourselves stays as it is. The live tables are as they were before: Postgres
 * itself refuses to change them on this connection. docs/webhooks.md says what it costs.
 */
@Injectable()
export class ReplayInboxService {
  private readonly words: ConsentWords;

  constructor(
    private readonly database: Database,
    environment: Environment,
  ) {
    this.words = consentWords(environment.OPT_OUT_KEYWORDS, environment.OPT_IN_KEYWORDS);
  }

  async replay(): Promise<ReplayReport> {
    return this.database.session(async (session) => {
      const schema = await liveSchema(session);
      await session.transaction((tx) => createScratchTables(tx, schema));
      await session.forbidChanges();
      await session.snapshot(async (tx) => {
        await noteApplied(tx, schema);
        await noteLive(tx, schema, async () => {
          while (await settleNextTier(tx));
        });
        await fillScratchTables(tx, schema);
      });
      await analyseScratch(session);
      await session.transaction(async (tx) => {
        const { wabaIds, templates } = await readAccounts(tx);
        await deriveLimits(tx, wabaIds);
        await deriveTemplates(tx, templates);
        await deriveContacts(tx);
      });
      const done = await this.applyAll(session, schema);
      while (await session.transaction(settleNextTier));
      return { ...done, tables: await session.transaction((tx) => compareReplay(tx, schema)) };
    });
  }

  private async applyAll(session: Session, schema: string): Promise<Omit<ReplayReport, 'tables'>> {
    const wasOurs = ownership(await readOwners(session));
    const report: Omit<ReplayReport, 'tables'> = { notifications: 0, items: 0, leftOut: 0, failed: [] };
    for (let after = FIRST_ID; ;) {
      const notifications = await readApplied(session, schema, after, BATCH);
      const last = notifications.at(-1);
      if (last === undefined) return report;
      after = last.inboxId;
      const all = notifications.flatMap(split);
      const items = all.filter(({ isDead, ...arrived }) => !isDead && wasOurs(arrived));
      report.notifications += notifications.length;
      report.items += items.length;
      report.leftOut += all.length - items.length;
      report.failed.push(...(await this.applyBatch(session, items)));
    }
  }

  /** Together; item by item when that fails. @returns those that cannot be applied */
  private async applyBatch(
    session: Session,
    items: readonly Arrived<NotificationItem>[],
  ): Promise<ReplayReport['failed']> {
    const failed: ReplayReport['failed'] = [];
    try {
      await session.transaction((tx) => applyItems(alone(tx), items, this.words));
    } catch (error) {
      if (items.length > 1) for (const item of items) failed.push(...(await this.applyBatch(session, [item])));
      else
        for (const { inboxId, item } of items)
          failed.push({ inboxId, idx: item.idx, reason: describeError(error).sentence });
    }
    return failed;
  }
}

/** Nobody else sees the replay's tables: it takes none of the locks by which workers take turns, which they may wait for just now. */
const alone = (tx: Tx): Tx => ({
  query: <Row>(statement: Statement, values: unknown[]) =>
    statement.sql.includes('pg_advisory_xact_lock') ? Promise.resolve<Row[]>([]) : tx.query<Row>(statement, values),
});

type Owners = Awaited<ReturnType<typeof readOwners>>;

/** Whether the number or account of an item had been added when it came: what nobody of ours was meant by was never applied. */
function ownership({ senders, accounts }: Owners): (arrived: Arrived<NotificationItem>) => boolean {
  return ({ item, receivedAt }) => {
    const number = 'phoneNumberId' in item ? item.phoneNumberId : null;
    const since = number === null ? accounts.get(item.wabaId ?? '') : senders.get(number);
    return since === undefined || since <= receivedAt;
  };
}

const split = ({ inboxId, raw, receivedAt, deadItems }: AppliedNotification) =>
  splitNotification(raw.toString('utf8')).map((item) => ({
    item,
    inboxId,
    receivedAt,
    isDead: deadItems.includes(item.idx),
  }));
