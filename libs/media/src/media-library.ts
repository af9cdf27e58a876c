import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { GraphMedia } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { SenderDirectory } from '#senders';
import { isStored, type MediaAsset, type StoredAsset } from './media-asset.js';
import { MediaExpiredError, MediaNotFoundError, MediaNotReadyError } from './media.errors.js';
import { deleteAsset, findAsset, settleDeleted } from './queries/asset.query.js';
import { tidily } from './spent-pieces.js';
import { MediaStorage } from './storage/media-storage.js';

/** How our names and Meta's look. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const META_ID = /^\d{1,64}$/;

/** Files that are there: look at them, read their bytes, delete them. */
@Injectable()
export class MediaLibrary {
  constructor(
    private readonly database: Database,
    private readonly storage: MediaStorage,
    private readonly graph: GraphMedia,
    private readonly senders: SenderDirectory,
    private readonly logger: Logger,
  ) {}

  /**
   * A file by our id, or by the first that Meta gave it.
   * @param senders those whose files may be seen
   * @throws MediaNotFoundError also for one that was deleted
   */
  async find(id: string, senders: 'all' | readonly string[]): Promise<MediaAsset> {
    const name = { uuid: UUID.test(id) ? id : null, metaId: META_ID.test(id) ? id : null };
    const asset =
      name.uuid === null && name.metaId === null
        ? null
        : await findAsset(this.database, name, senders === 'all' ? null : senders);
    if (asset === null || asset.state === 'deleted' || asset.state === 'receiving') throw new MediaNotFoundError();
    return asset;
  }

  /** The bytes of a file. @throws MediaNotReadyError, MediaExpiredError, MediaBytesMissingError */
  async open(asset: MediaAsset): Promise<{ asset: StoredAsset; content: Readable }> {
    if (asset.state === 'pending') throw new MediaNotReadyError();
    if (!isStored(asset)) throw new MediaExpiredError();
    return { asset, content: tidily(await this.storage.get(asset.storageKey)) };
  }

  /** Deletes a file, here and at Meta. Once this resolves nothing can be sent with it; what could not be removed yet will be. */
  async delete(asset: MediaAsset): Promise<void> {
    const deleted = await deleteAsset(this.database, asset.id);
    if (deleted === null) throw new MediaNotFoundError();
    await this.removeRest(deleted);
  }

  /** Removes the bytes and Meta's copy of a deleted file. Never rejects. @returns whether nothing is left */
  async removeRest({ id, phoneNumberId, storageKey, metaId, uploadedAt }: MediaAsset): Promise<boolean> {
    try {
      if (storageKey !== null) await this.storage.remove(storageKey);
      // The copy that a contact uploaded is not ours to delete; the one that was made to send it on is.
      if (metaId !== null && uploadedAt !== null) {
        const { accessToken } = await this.senders.credentials(phoneNumberId);
        const result = await this.graph.delete(metaId, accessToken);
        if (result.kind === 'retry') return false;
      }
      await settleDeleted(this.database, id);
      return true;
    } catch (error) {
      this.logger.warn('media.not_removed', { lane: phoneNumberId }, error);
      return false;
    }
  }
}
