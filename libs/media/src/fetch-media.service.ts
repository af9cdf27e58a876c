import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GraphMedia } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { SenderDirectory } from '#senders';
import { fetchAgainAfter, hexOf, INBOUND_LIFE_MS } from './domain/inbound-media.js';
import { MAX_MEDIA_BYTES } from './domain/media-kind.js';
import { Measure } from './measure.js';
import {
  type ClaimedMedia,
  claimPending,
  expirePending,
  putOffFetch,
  settleFetched,
} from './queries/inbound-media.query.js';
import { MediaStorage, storageKey } from './storage/media-storage.js';

/** Files at once in one process. */
const MAX_AT_ONCE = 8;
/** How long a call waits for what it started, ms: a file that takes longer goes on, and keeps no other waiting. */
const PATIENCE_MS = 5_000;
/** Longer than a file takes on a slow line. */
const LEASE_MS = 10 * 60_000;
const UNKNOWN_TYPE = 'application/octet-stream';

type Fetched = 'stored' | 'gone' | 'again';

/** Fetches files of contacts from Meta, by their id: the address in a webhook dies after five minutes, the id after seven days. */
@Injectable()
export class FetchMediaService {
  private readonly underWay = new Set<Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly storage: MediaStorage,
    private readonly graph: GraphMedia,
    private readonly senders: SenderDirectory,
    private readonly logger: Logger,
  ) {}

  /**
   * Starts on what is due until nothing is, and waits a little for the end of it. Safe in several processes at once.
   * @returns how many were tried
   */
  async fetch(): Promise<number> {
    let tried = 0;
    while (!this.isStopping) {
      if (this.underWay.size >= MAX_AT_ONCE) await Promise.race(this.underWay);
      const due = await claimPending(this.database, Math.max(1, MAX_AT_ONCE - this.underWay.size), LEASE_MS);
      if (due.length === 0) break;
      for (const media of due) this.start(media);
      tried += due.length;
    }
    await Promise.race([this.idle(), sleep(PATIENCE_MS, undefined, { ref: false })]);
    return tried;
  }

  /** Takes no more. */
  stop(): void {
    this.isStopping = true;
  }

  /** Resolves when what is under way has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private start(media: ClaimedMedia): void {
    const work = this.fetchOne(media)
      .catch((error: unknown) => this.logger.warn('media.not_settled', { lane: media.phoneNumberId }, error))
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  private async fetchOne(media: ClaimedMedia): Promise<void> {
    const startedAt = performance.now();
    const fetched = await this.tryFetch(media).catch((error: unknown): Fetched => {
      this.logger.warn('media.fetch_failed', { lane: media.phoneNumberId }, error);
      return 'again';
    });
    const isOver = fetched === 'gone' || (fetched === 'again' && media.ageMs >= INBOUND_LIFE_MS);
    if (isOver) await expirePending(this.database, media.id);
    else if (fetched === 'again')
      await putOffFetch(this.database, media.id, fetchAgainAfter(media.tries, Math.random()));
    this.logger.info('media.fetched', {
      lane: media.phoneNumberId,
      outcome: isOver ? 'expired' : fetched,
      tries: media.tries,
      durationMs: Math.round(performance.now() - startedAt),
    });
  }

  private async tryFetch({ id, phoneNumberId, metaId, mimeType, sha256 }: ClaimedMedia): Promise<Fetched> {
    if (metaId === null) return 'gone';
    const { accessToken } = await this.senders.credentials(phoneNumberId);
    const file = await this.graph.find(metaId, accessToken);
    // Of a file that the token may not see just now Meta says that it is not there, too: the seventh day ends it, not an answer.
    if (file.kind !== 'done') return 'again';
    const download = await this.graph.download(file.value.url, accessToken);
    if (download.kind !== 'done') return 'again';
    const key = storageKey(id);
    const measure = new Measure(MAX_MEDIA_BYTES);
    download.value.once('error', (error) => measure.destroy(error));
    await this.storage.put(key, download.value.pipe(measure));
    const actual = measure.sha256();
    const expected = sha256 ?? hexOf(file.value.sha256);
    const isWhole = measure.size > 0 && measure.size <= MAX_MEDIA_BYTES && (expected === null || expected === actual);
    const type = mimeType ?? file.value.mimeType ?? UNKNOWN_TYPE;
    const isKept =
      isWhole && (await settleFetched(this.database, { id, size: measure.size, sha256: actual, mimeType: type, key }));
    if (isKept) return 'stored';
    await this.storage.remove(key);
    return 'again';
  }
}
