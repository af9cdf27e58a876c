import { Injectable } from '@nestjs/common';
import { GraphMedia, type MediaResult } from '#graph-api';
import { Logger } from '#observability';
import { SenderDirectory } from '#senders';
import { tidily } from './spent-pieces.js';
import { MediaStorage } from './storage/media-storage.js';

/** A stored file that Meta is to have. */
export interface FileForMeta {
  id: string;
  phoneNumberId: string;
  mimeType: string;
  filename: string | null;
  size: number;
  storageKey: string;
}

/** Uploads stored files to Meta, from the storage straight to the wire, and takes back what nobody has. */
@Injectable()
export class UploadToMetaService {
  constructor(
    private readonly graph: GraphMedia,
    private readonly senders: SenderDirectory,
    private readonly storage: MediaStorage,
    private readonly logger: Logger,
  ) {}

  /** @returns Meta's id; `retry` also when our own side is in the way */
  async upload({ id, phoneNumberId, mimeType, filename, size, storageKey }: FileForMeta): Promise<MediaResult<string>> {
    const startedAt = performance.now();
    const result = await this.tryUpload({ id, phoneNumberId, mimeType, filename, size, storageKey });
    this.logger.info('media.uploaded', {
      lane: phoneNumberId,
      outcome: result.kind,
      code: result.kind === 'refused' ? result.code : null,
      reason: result.kind === 'retry' ? result.reason : null,
      durationMs: Math.round(performance.now() - startedAt),
    });
    return result;
  }

  /** Takes a copy back that is no file's. Never rejects: Meta keeps one that stays no longer than 30 days. */
  async withdraw(phoneNumberId: string, metaId: string): Promise<void> {
    try {
      const { accessToken } = await this.senders.credentials(phoneNumberId);
      await this.graph.delete(metaId, accessToken);
    } catch (error) {
      this.logger.warn('media.not_removed', { lane: phoneNumberId }, error);
    }
  }

  private async tryUpload(file: FileForMeta): Promise<MediaResult<string>> {
    try {
      const { accessToken } = await this.senders.credentials(file.phoneNumberId);
      const content = tidily(await this.storage.get(file.storageKey));
      return await this.graph.upload({ ...file, accessToken, filename: file.filename ?? 'file', content });
    } catch (error) {
      this.logger.warn('media.not_uploaded', { lane: file.phoneNumberId }, error);
      return { kind: 'retry', reason: 'not_prepared' };
    }
  }
}
