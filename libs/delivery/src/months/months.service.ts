import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { closeAlert, openAlert } from '../queries/alert.query.js';
import { keptFrom, type Month, monthsBefore } from './domain/months.js';
import {
  dropMonth,
  ensurePartitions,
  hasStrays,
  type KeptMonth,
  leaveMonth,
  listMonths,
  openOfMonth,
} from './queries/months.query.js';

/** What became of months that were to be dropped. */
export interface DroppedMonths {
  dropped: Month[];
  /** The first that is not over, and what of it is not: neither it nor any after it was dropped. */
  blocked: { month: Month; open: string[] } | null;
}

const NOT_MADE = { kind: 'partitions_not_made', scope: 'database', scopeId: 'months' };
const STRAYS = { kind: 'partition_strays', scope: 'database', scopeId: 'default' };
const BLOCKED = { kind: 'retention_blocked', scope: 'database', scopeId: 'months' };

/**
 * Looks after the months by which tables are partitioned: makes those that come, and drops those whose time is over. On
 * connections of its own, since rows that move, or are left, may be many. Safe to run twice at once.
 */
@Injectable()
export class MonthsService {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** Makes months ahead, then drops those that retention does not keep. */
  async keep(now: Date = new Date()): Promise<void> {
    await this.prepare(now);
    await this.retire(now);
  }

  /** Makes the months that are missing of the running one and the next three. An alert is open as long as that fails. */
  async prepare(now: Date): Promise<number> {
    try {
      const made = await this.database.session((session) => session.transaction((tx) => ensurePartitions(tx, now)));
      if (made > 0) this.logger.info('partitions.made', { count: made });
      await closeAlert(this.database, NOT_MADE);
      await this.watchStrays();
      return made;
    } catch (error) {
      await openAlert(this.database, { ...NOT_MADE, advice: NOT_MADE_ADVICE }).catch(() => undefined);
      throw error;
    }
  }

  /** Drops the months that retention does not keep: none when RETENTION_MONTHS is not set. */
  async retire(now: Date): Promise<DroppedMonths> {
    const { RETENTION_MONTHS } = this.environment;
    if (RETENTION_MONTHS === undefined) return { dropped: [], blocked: null };
    const result = await this.dropBefore(keptFrom(RETENTION_MONTHS, now));
    if (result.blocked === null) await closeAlert(this.database, BLOCKED);
    else await openAlert(this.database, { ...BLOCKED, advice: blockedAdvice(result.blocked) });
    return result;
  }

  /** The months there are, oldest first. */
  list(): Promise<KeptMonth[]> {
    return listMonths(this.database);
  }

  /** Drops every month before one, oldest first, as far as all of it is over. */
  async dropBefore(before: Month): Promise<DroppedMonths> {
    const months = (await this.list()).map(({ month }) => month);
    const dropped: Month[] = [];
    for (const month of monthsBefore(months, before)) {
      const open = await this.drop(month);
      if (open.length > 0) return { dropped, blocked: { month, open } };
      dropped.push(month);
      this.logger.info('partitions.dropped', { scope: month });
    }
    return { dropped, blocked: null };
  }

  private async drop(month: Month): Promise<string[]> {
    return this.database.session(async (session) => {
      const open = await openOfMonth(session, month);
      if (open.length > 0) return open;
      await session.transaction((tx) => leaveMonth(tx, month));
      return session.transaction((tx) => dropMonth(tx, month));
    });
  }

  private async watchStrays(): Promise<void> {
    if (await hasStrays(this.database)) await openAlert(this.database, { ...STRAYS, advice: STRAYS_ADVICE });
    else await closeAlert(this.database, STRAYS);
  }
}

const NOT_MADE_ADVICE =
  'Partitions of the coming months cannot be made; rows are kept in the default partitions meanwhile. See loop.failed of component months in the log; SELECT ensure_partitions(now()) does it by hand';
const STRAYS_ADVICE =
  'Rows are in a default partition whose ids belong to no month up to three from now: no UUIDv7, or the clock of a process is ahead. They work as others, but no retention drops them';
const blockedAdvice = ({ month, open }: { month: Month; open: string[] }) =>
  `${month} should have been dropped, but not all of it is over: ${open.join(', ')}`;
