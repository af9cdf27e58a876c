import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { MetaMessage } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { mediaLinksOf, replaceLinks } from '../domain/media-references.js';
import { MediaEmptyError, MediaRefusedError, MediaTooLargeError, MediaTypeRefusedError } from '../media.errors.js';
import { findLinks, keepLink } from '../queries/message-link.query.js';
import { ReceiveMediaService } from '../receive-media.service.js';
import { LinkDownloader } from './link-downloader.js';

/** How long an attempt waits for its files, ms: what takes longer goes on, for the next attempt. */
const PATIENCE_MS = 12_000;

/** A message whose links are to be sent as files. */
export interface LinkedMessage {
  messageId: string;
  phoneNumberId: string;
  content: MetaMessage;
}

/** The message with our ids in place of its links, or why that cannot be. */
export type FetchedLinks =
  { kind: 'ready'; content: MetaMessage } | { kind: 'link_refused'; details: string } | { kind: 'retry' };

type Fetched = { kind: 'asset'; id: string } | Exclude<FetchedLinks, { kind: 'ready' }>;

/** Errors of a file that no later try would find better. */
const REFUSALS = [MediaEmptyError, MediaRefusedError, MediaTooLargeError, MediaTypeRefusedError];

/** Turns links of messages into files of ours (`mediaMode: upload`). */
@Injectable()
export class FetchLinksService {
  /** Downloads under way: the next attempt joins them. */
  private readonly underWay = new Map<string, Promise<Fetched>>();

  constructor(
    private readonly database: Database,
    private readonly downloader: LinkDownloader,
    private readonly receive: ReceiveMediaService,
    private readonly logger: Logger,
  ) {}

  /** Fetches what was not fetched for this message before. Never rejects. */
  async replace(message: LinkedMessage): Promise<FetchedLinks> {
    const links = mediaLinksOf(message.content);
    if (links.length === 0) return { kind: 'ready', content: message.content };
    try {
      const known = await findLinks(this.database, message.messageId);
      const ids = new Map<string, string>();
      for (const link of links) {
        const fetched = await this.inTime(message, link, known);
        if (fetched.kind !== 'asset') return fetched;
        ids.set(link, fetched.id);
      }
      return { kind: 'ready', content: replaceLinks(message.content, (link) => ids.get(link)) };
    } catch (error) {
      this.logger.warn('media.links_not_fetched', { messageId: message.messageId }, error);
      return { kind: 'retry' };
    }
  }

  private async inTime(message: LinkedMessage, link: string, known: ReadonlyMap<string, string>): Promise<Fetched> {
    const sha256 = createHash('sha256').update(link).digest('hex');
    const id = known.get(sha256);
    if (id !== undefined) return { kind: 'asset', id };
    const name = `${message.messageId} ${sha256}`;
    const fetching = this.underWay.get(name) ?? this.begin(name, this.fetch(message, link, sha256));
    return Promise.race([fetching, sleep(PATIENCE_MS, { kind: 'retry' } as const, { ref: false })]);
  }

  private begin(name: string, work: Promise<Fetched>): Promise<Fetched> {
    const fetching = work
      .catch((error: unknown): Fetched => {
        this.logger.warn('media.link_not_fetched', {}, error);
        return { kind: 'retry' };
      })
      .finally(() => this.underWay.delete(name));
    this.underWay.set(name, fetching);
    return fetching;
  }

  private async fetch({ messageId, phoneNumberId }: LinkedMessage, link: string, sha256: string): Promise<Fetched> {
    const startedAt = performance.now();
    const download = await this.downloader.download(link);
    const fetched = download.kind === 'done' ? await this.keep(phoneNumberId, download) : download;
    this.logger.info('media.link_fetched', {
      messageId,
      outcome: fetched.kind,
      durationMs: Math.round(performance.now() - startedAt),
    });
    if (fetched.kind === 'retry') return { kind: 'retry' };
    if (fetched.kind === 'refused') return { kind: 'link_refused', details: fetched.details };
    // Deleted meanwhile, with the last message that it was of: the next attempt fetches it anew.
    const isKept = await keepLink(this.database, { messageId, sha256, assetId: fetched.id });
    return isKept ? fetched : { kind: 'retry' };
  }

  private async keep(
    phoneNumberId: string,
    { content, mimeType, filename }: Extract<Awaited<ReturnType<LinkDownloader['download']>>, { kind: 'done' }>,
  ): Promise<{ kind: 'asset'; id: string } | { kind: 'refused'; details: string }> {
    try {
      const received = await this.receive.receive({ phoneNumberId, content, filename, mimeType, stopsAtLimit: true });
      const { id } = await this.receive.keep(received, mimeType, { isOfLinks: true });
      return { kind: 'asset', id };
    } catch (error) {
      if (error instanceof Error && REFUSALS.some((kind) => error instanceof kind))
        return { kind: 'refused', details: error.message };
      throw error;
    }
  }
}
