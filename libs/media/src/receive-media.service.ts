import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database, newId } from '#persistence';
import { bareType, isAnimatedWebp, kindOf, limitOf, MAX_MEDIA_BYTES, type MediaKind } from './domain/media-kind.js';
import { Measure } from './measure.js';
import type { StoredAsset } from './media-asset.js';
import { MediaEmptyError, MediaRefusedError, MediaTooLargeError, MediaTypeRefusedError } from './media.errors.js';
import { beginAsset, findSame, finishAsset, forgetReceived } from './queries/asset.query.js';
import { MediaStorage, storageKey } from './storage/media-storage.js';
import { UploadToMetaService } from './upload-to-meta.service.js';

/** A file that comes in. */
export interface IncomingMedia {
  phoneNumberId: string;
  content: Readable;
  filename: string | null;
  /** Its type, which says how much of it is stored; null when that is still to be said. */
  mimeType: string | null;
  /** Whether nothing is read beyond the limit, as of an address that may never end. */
  stopsAtLimit?: boolean;
}

/** A file whose bytes came: to be kept or discarded. */
export interface ReceivedMedia {
  id: string;
  phoneNumberId: string;
  filename: string | null;
  size: number;
  sha256: string;
  isAnimated: boolean;
  /** Bytes beyond these were not stored. */
  limit: number;
}

/** Takes files for a sender: the bytes first, streaming, then what they are; only then is there a file. */
@Injectable()
export class ReceiveMediaService {
  constructor(
    private readonly database: Database,
    private readonly storage: MediaStorage,
    private readonly meta: UploadToMetaService,
    private readonly logger: Logger,
  ) {}

  /**
   * Reads all of the content; of what is too large for its type only the beginning is stored. Rejects when the stream breaks: then
   * nothing is left. @throws MediaTooLargeError at the limit, where it is to stop there
   */
  async receive({ phoneNumberId, content, filename, mimeType, stopsAtLimit }: IncomingMedia): Promise<ReceivedMedia> {
    const id = newId();
    const kind = mimeType === null ? null : kindOf(mimeType);
    const limit = kind === null ? MAX_MEDIA_BYTES : limitOf(kind, true);
    const refuse = (size: number) => new MediaTooLargeError({ kind: kind ?? 'document', limit, size });
    const measure = new Measure(limit, stopsAtLimit === true ? refuse : undefined);
    content.once('error', (error) => measure.destroy(error));
    await beginAsset(this.database, { id, phoneNumberId, filename, key: storageKey(id) });
    try {
      await this.storage.put(storageKey(id), content.pipe(measure));
    } catch (error) {
      if (stopsAtLimit === true) content.destroy();
      await this.discard(id);
      throw error;
    }
    return {
      id,
      phoneNumberId,
      filename,
      size: measure.size,
      sha256: measure.sha256(),
      isAnimated: isAnimatedWebp(measure.head),
      limit,
    };
  }

  /**
   * Keeps what was received, and uploads it to Meta; when Meta cannot be reached that is done before the first send. The same bytes
   * as a file that the sender has are that file.
   * @param isOfLinks whether a link of a message brought it, and no client that may use it again
   * @throws MediaTypeRefusedError, MediaEmptyError, MediaTooLargeError, MediaRefusedError: then nothing is stored
   */
  async keep(received: ReceivedMedia, declaredType: string, { isOfLinks = false } = {}): Promise<StoredAsset> {
    try {
      const mimeType = bareType(declaredType);
      const kind = check(received, mimeType);
      const { phoneNumberId, sha256 } = received;
      const same = await findSame(this.database, { phoneNumberId, sha256, mimeType, isOfLinks });
      const asset = same ?? (await this.finish({ ...received, kind, mimeType, isOfLinks }));
      if (asset.id !== received.id) await this.discard(received.id);
      return asset;
    } catch (error) {
      await this.discard(received.id);
      throw error;
    }
  }

  /** Removes what was received. Never rejects: the sweep removes what is left. */
  async discard(id: string): Promise<void> {
    try {
      await this.storage.remove(storageKey(id));
      await forgetReceived(this.database, id);
    } catch (error) {
      this.logger.warn('media.not_discarded', {}, error);
    }
  }

  private async finish(
    file: ReceivedMedia & { kind: MediaKind; mimeType: string; isOfLinks: boolean },
  ): Promise<StoredAsset> {
    const uploaded = await this.meta.upload({ ...file, storageKey: storageKey(file.id) });
    if (uploaded.kind === 'refused') throw new MediaRefusedError(uploaded.code, uploaded.details);
    const metaId = uploaded.kind === 'done' ? uploaded.value : null;
    const finished = await finishAsset(this.database, { ...file, metaId });
    // The same bytes came at once, and the other one's copy is the one that is known.
    if (finished === null && metaId !== null) await this.meta.withdraw(file.phoneNumberId, metaId);
    const asset = finished ?? (await findSame(this.database, file));
    if (asset === null) throw new Error('a received file has no row');
    return asset;
  }
}

function check({ size, isAnimated, limit: stored }: ReceivedMedia, mimeType: string): MediaKind {
  const kind = kindOf(mimeType);
  if (kind === null) throw new MediaTypeRefusedError(mimeType);
  if (size === 0) throw new MediaEmptyError();
  const limit = Math.min(limitOf(kind, isAnimated), stored);
  if (size > limit) throw new MediaTooLargeError({ kind, limit, size });
  return kind;
}
