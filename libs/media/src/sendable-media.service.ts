import { Injectable } from '@nestjs/common';
import type { MetaMessage } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { needsUpload } from './domain/freshness.js';
import { mediaIdsOf, renameMedia } from './domain/media-references.js';
import { isStored, type MediaAsset } from './media-asset.js';
import { META_ID, UUID } from './media-library.js';
import { findAsset, setMetaId } from './queries/asset.query.js';
import { findUsed, type MediaName } from './queries/used-media.query.js';
import { UploadToMetaService } from './upload-to-meta.service.js';

/** A message that is about to be sent. Null: its content was erased. */
export interface MessageToSend {
  phoneNumberId: string;
  content: MetaMessage | null;
}

/** Files that messages name, by `nameOf`; 'unreadable' when the database could not be asked just now. */
export type FoundMedia = ReadonlyMap<string, MediaAsset> | 'unreadable';

/** The message as Meta knows its files, or why it cannot be sent. */
export type PreparedMessage =
  | { kind: 'ready'; content: MetaMessage | null }
  | { kind: 'media_deleted' | 'media_expired' }
  | { kind: 'refused'; code: number; details: string }
  | { kind: 'retry' };

const NONE: FoundMedia = new Map();
const nameOf = ({ phoneNumberId, id }: MediaName) => `${phoneNumberId} ${id.toLowerCase()}`;
const namesIn = ({ phoneNumberId, content }: MessageToSend): MediaName[] =>
  content === null ? [] : mediaIdsOf(content).map((id) => ({ phoneNumberId, id }));

/** Writes Meta's own ids into messages that name our files, and sees to it that Meta has those files. */
@Injectable()
export class SendableMediaService {
  /** Uploads under way: messages of one file wait for one of them. */
  private readonly renewals = new Map<string, Promise<MediaAsset | Exclude<PreparedMessage, { kind: 'ready' }>>>();

  constructor(
    private readonly database: Database,
    private readonly meta: UploadToMetaService,
    private readonly logger: Logger,
  ) {}

  /** The files that some messages name, in one statement; none when they name none. Never rejects. */
  async find(messages: readonly MessageToSend[]): Promise<FoundMedia> {
    const names = messages.flatMap(namesIn);
    const uuids = names.filter(({ id }) => UUID.test(id));
    const metaIds = names.filter(({ id }) => META_ID.test(id));
    if (uuids.length + metaIds.length === 0) return NONE;
    try {
      const found = new Map<string, MediaAsset>();
      for (const asset of await findUsed(this.database, uuids, metaIds)) {
        const { phoneNumberId, firstMetaId } = asset;
        found.set(nameOf({ phoneNumberId, id: asset.id }), asset);
        if (firstMetaId !== null) found.set(nameOf({ phoneNumberId, id: firstMetaId }), asset);
      }
      return found;
    } catch (error) {
      this.logger.warn('media.not_read', { count: names.length }, error);
      return 'unreadable';
    }
  }

  /** The message with Meta's ids of its files; names that are none of ours stay as they are. A file that Meta may not have any more is uploaded first. */
  async prepare(message: MessageToSend, found: FoundMedia): Promise<PreparedMessage> {
    const names = namesIn(message);
    if (message.content === null || names.length === 0) return { kind: 'ready', content: message.content };
    if (found === 'unreadable') return { kind: 'retry' };
    const metaIds = new Map<string, string>();
    for (const name of names) {
      const asset = found.get(nameOf(name));
      if (asset === undefined) continue;
      const current = needsUpload(asset, Date.now()) || asset.state !== 'stored' ? await this.renew(asset) : asset;
      if ('kind' in current && !('id' in current)) return current;
      if (current.metaId !== null) metaIds.set(name.id, current.metaId);
    }
    return { kind: 'ready', content: renameMedia(message.content, (id) => metaIds.get(id) ?? id) };
  }

  private async renew({ id }: MediaAsset) {
    const known = this.renewals.get(id);
    if (known !== undefined) return known;
    const renewal = this.renewNow(id)
      .catch((error: unknown) => {
        this.logger.warn('media.not_renewed', {}, error);
        return { kind: 'retry' as const };
      })
      .finally(() => this.renewals.delete(id));
    this.renewals.set(id, renewal);
    return renewal;
  }

  private async renewNow(id: string): Promise<MediaAsset | Exclude<PreparedMessage, { kind: 'ready' }>> {
    const asset = await findAsset(this.database, { uuid: id, metaId: null }, null);
    if (asset === null || asset.state === 'deleted') return { kind: 'media_deleted' };
    if (asset.state === 'pending') return { kind: 'retry' };
    if (!isStored(asset)) return { kind: 'media_expired' };
    if (!needsUpload(asset, Date.now())) return asset;
    const uploaded = await this.meta.upload(asset);
    switch (uploaded.kind) {
      case 'done': {
        const renewed = await setMetaId(this.database, id, uploaded.value);
        // Deleted while its bytes went up: the deletion knew nothing of this copy.
        if (renewed === null) await this.meta.withdraw(asset.phoneNumberId, uploaded.value);
        return renewed ?? { kind: 'media_deleted' };
      }
      case 'refused':
        return uploaded;
      case 'gone':
      case 'retry':
        return { kind: 'retry' };
    }
  }
}
