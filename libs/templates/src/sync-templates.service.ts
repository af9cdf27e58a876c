import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GraphTemplates, type GraphTemplate, type TemplateResult } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { SenderDirectory } from '#senders';
import { noteSync, takeDueSyncs, unreadNames } from './queries/template-sync.query.js';
import { storeTemplates } from './queries/write-templates.query.js';
import { TemplateDirectory } from './template-directory.js';

/** How long somebody who sends waits for a template to be read, ms. */
const PATIENCE_MS = 3_000;
/** For how long an answer of Meta's, or none, is not asked for again by those who send, ms. */
const REMEMBERED_MS = 10_000;
const MAX_REMEMBERED = 10_000;
/** WABAs and names read in one round. */
const WABAS = 10;
const NAMES = 50;

/** Whether Meta was heard. */
export type SyncOutcome = 'synced' | 'not_synced';

/** Brings the stored templates up to what Meta has. */
@Injectable()
export class SyncTemplatesService {
  private readonly asked = new Map<string, { outcome: Promise<SyncOutcome>; until: number }>();

  constructor(
    private readonly database: Database,
    private readonly graph: GraphTemplates,
    private readonly senders: SenderDirectory,
    private readonly directory: TemplateDirectory,
    private readonly logger: Logger,
  ) {}

  /** Reads all templates of a WABA. Never rejects. @returns how many there are; null when Meta could not be heard */
  async syncAll(wabaId: string): Promise<number | null> {
    const count = await this.sync(wabaId, null);
    await noteSync(this.database, wabaId, count === null ? 'not_read' : null).catch((error: unknown) =>
      this.logger.warn('templates.sync_not_noted', { wabaId }, error),
    );
    return count;
  }

  /** Reads the templates of one name for somebody who waits for it: once in ten seconds, and not for long. Never rejects. */
  async syncName(wabaId: string, name: string): Promise<SyncOutcome> {
    const key = `${wabaId} ${name}`;
    const now = performance.now();
    const known = this.asked.get(key);
    if (known !== undefined && known.until > now) return this.inTime(known.outcome);
    const outcome = this.sync(wabaId, name).then((count): SyncOutcome => (count === null ? 'not_synced' : 'synced'));
    this.asked.delete(key);
    this.asked.set(key, { outcome, until: now + REMEMBERED_MS });
    const [oldest] = this.asked.keys();
    if (this.asked.size > MAX_REMEMBERED && oldest !== undefined) this.asked.delete(oldest);
    return this.inTime(outcome);
  }

  /** Reads what is due: WABAs not read for so long, and names that webhooks told of. Never rejects. @param olderThanMs 0: no WABA is */
  async syncDue(olderThanMs: number): Promise<void> {
    try {
      for (const { wabaId, name } of await unreadNames(this.database, NAMES)) await this.sync(wabaId, name);
      if (olderThanMs === 0) return;
      for (const wabaId of await takeDueSyncs(this.database, olderThanMs, WABAS)) await this.syncAll(wabaId);
    } catch (error) {
      this.logger.warn('templates.not_synced', {}, error);
    }
  }

  private async inTime(outcome: Promise<SyncOutcome>): Promise<SyncOutcome> {
    return Promise.race([outcome, sleep(PATIENCE_MS, 'not_synced' as const, { ref: false })]);
  }

  private async sync(wabaId: string, name: string | null): Promise<number | null> {
    const startedAt = performance.now();
    const result = await this.read(wabaId, name);
    this.logger.info('templates.synced', {
      wabaId,
      outcome: result.kind,
      code: result.kind === 'refused' ? result.code : null,
      reason: result.kind === 'retry' ? result.reason : null,
      count: result.kind === 'done' ? result.value.length : null,
      durationMs: Math.round(performance.now() - startedAt),
    });
    return result.kind === 'done' ? result.value.length : null;
  }

  private async read(wabaId: string, name: string | null): Promise<TemplateResult<GraphTemplate[]>> {
    try {
      const askedAt = new Date();
      const accessToken = await this.senders.accessTokenOfWaba(wabaId);
      if (accessToken === null) return { kind: 'retry', reason: 'no_sender' };
      const result = await this.graph.list(wabaId, accessToken, name ?? undefined);
      if (result.kind !== 'done') return result;
      const templates = distinct(result.value);
      await this.database.transaction((tx) => storeTemplates(tx, { wabaId, name, askedAt, templates }));
      this.directory.forget();
      return result;
    } catch (error) {
      this.logger.warn('templates.not_synced', { wabaId }, error);
      return { kind: 'retry', reason: 'not_prepared' };
    }
  }
}

/** A list that was paged while it changed may have one twice. */
const distinct = (templates: readonly GraphTemplate[]) => [
  ...new Map(templates.map((template) => [`${template.name} ${template.language}`, template])).values(),
];
