import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mayUseSender, type Principal } from '#access';
import { type ReceivedMedia, ReceiveMediaService, type StoredAsset } from '#media';
import { SenderDirectory, UnknownSenderError } from '#senders';
import { RequestRefusedError } from '../http/request.errors.js';
import { SenderNotAllowedError } from '../senders/senders.errors.js';
import { readUpload } from './read-upload.js';

/** Longest name of a file that is kept. */
const MAX_NAME = 240;

/** Takes a file from a caller: only for a sender that exists and that the caller may use. */
@Injectable()
export class UploadMediaService {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly media: ReceiveMediaService,
  ) {}

  /**
   * @param from the sender; left out, the form's field `from` says it, before the file
   * @throws SenderNotAllowedError, UnknownSenderError, RequestRefusedError, and what ReceiveMediaService throws
   */
  async upload(principal: Principal, request: FastifyRequest, from?: string): Promise<StoredAsset> {
    const form = await readUpload<ReceivedMedia>(
      request,
      async ({ content, filename }, fields) => {
        const phoneNumberId = from ?? fields.get('from');
        if (phoneNumberId === undefined) throw refuse('from', 'from must come before file in the form');
        await this.check(principal, phoneNumberId);
        return this.media.receive({
          phoneNumberId,
          content,
          filename: filename === null ? null : nameOf(filename),
          // The field may still come, and say another than the part does.
          mimeType: fields.get('type') ?? null,
        });
      },
      ({ id }) => this.media.discard(id),
    );
    if (form.file === null) throw refuse('file', 'file must be a part of the form, with a file name');
    return this.media.keep(form.file.result, form.fields.get('type') ?? form.file.mimeType);
  }

  private async check(principal: Principal, phoneNumberId: string): Promise<void> {
    if (!mayUseSender(principal, phoneNumberId)) throw new SenderNotAllowedError('from');
    if ((await this.senders.find(phoneNumberId)) === null) throw new UnknownSenderError();
  }
}

const refuse = (field: string, message: string) =>
  new RequestRefusedError('validation_failed', message, [{ field, code: 'validation_failed', message }]);

/** The last part of a path, without what cannot be stored. */
const nameOf = (filename: string) =>
  (filename.split(/[\\/]/).at(-1) ?? '').replace(/\p{Cc}|\p{Cs}/gu, '').slice(0, MAX_NAME) || null;
