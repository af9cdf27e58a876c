/** Meta takes no files of this type. */
export class MediaTypeRefusedError extends Error {
  readonly code = 'media_type_refused';
  readonly field = 'file';
  constructor(mimeType: string) {
    super(
      `Meta takes no files of type ${printable(mimeType)}: image/jpeg, image/png, image/webp (stickers), video/mp4, video/3gpp, audio/aac, audio/amr, audio/mpeg, audio/mp4, audio/ogg, and documents such as application/pdf or text/plain`,
    );
  }
}

/** The file has no bytes. */
export class MediaEmptyError extends Error {
  readonly code = 'media_empty';
  readonly field = 'file';
  constructor() {
    super('The file is empty: it must have at least 1 byte');
  }
}

/** The file is larger than Meta takes of its kind. */
export class MediaTooLargeError extends Error {
  readonly code = 'media_too_large';
  readonly field = 'file';
  constructor({ kind, limit, size }: { kind: string; limit: number; size: number }) {
    super(`A file of kind ${kind} may have at most ${limit} bytes; this one has ${size}`);
  }
}

/** Meta refused the file. */
export class MediaRefusedError extends Error {
  readonly code = 'media_refused';
  readonly field = 'file';
  constructor(
    readonly metaCode: number,
    details: string,
  ) {
    super(`Meta refused the file (${metaCode}): ${details}`);
  }
}

/** There is no such file, or none that the caller may see. */
export class MediaNotFoundError extends Error {
  readonly code = 'media_not_found';
  constructor() {
    super('There is no file of this id');
  }
}

/** The file was there: nobody used it for long, or Meta had it no more when it was to be fetched. */
export class MediaExpiredError extends Error {
  readonly code = 'media_expired';
  constructor() {
    super('The bytes of this file are not kept any more');
  }
}

/** A file of a contact that is still to be fetched from Meta. */
export class MediaNotReadyError extends Error {
  readonly code = 'media_not_ready';
  constructor() {
    super('This file is still to be fetched from Meta');
  }
}

const printable = (text: string) => JSON.stringify(text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100));
