import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { RequestRefusedError } from '../http/request.errors.js';

/** A file on its way in. */
export interface UploadedFile {
  content: Readable;
  filename: string | null;
  mimeType: string;
}

/** A form with its file handed on, and what became of that. */
export interface UploadForm<T> {
  /** Fields, those after the file included. */
  fields: ReadonlyMap<string, string>;
  /** Null when the form had no file. */
  file: { mimeType: string; result: T } | null;
}

const LIMITS = { fields: 20, fieldNameSize: 100, fieldSize: 2_000, parts: 30, headerPairs: 20 };
/** A body that is longer than this is not even read: twice the largest file. */
const MAX_BODY_BYTES = 210 * 1024 * 1024;

/**
 * Reads a multipart form as it comes; `take` gets the first part named `file`, with the fields before it. The form is read to its
 * end whatever `take` does, so that the caller hears the answer.
 * @throws RequestRefusedError, and what `take` throws
 */
export async function readUpload<T>(
  request: FastifyRequest,
  take: (file: UploadedFile, fields: ReadonlyMap<string, string>) => Promise<T>,
  discard: (result: T) => Promise<void>,
): Promise<UploadForm<T>> {
  const payload = request.body as Readable | undefined;
  if (typeof payload?.pipe !== 'function')
    throw new RequestRefusedError('unsupported_media_type', 'The body must be multipart/form-data');
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > MAX_BODY_BYTES)
    throw new RequestRefusedError(
      'body_too_large',
      `The body may have at most ${MAX_BODY_BYTES} bytes; it has ${length}`,
    );
  const fields = new Map<string, string>();
  let taken: { mimeType: string; content: Readable; result: Promise<T> } | null = null;
  const read = new Promise<void>((resolve, reject) => {
    const form = openForm(request);
    form.on('field', (name, value) => void fields.set(name, value));
    form.on('file', (name, content, filename, _encoding, mimeType) => {
      content.on('error', () => undefined);
      if (name !== 'file' || taken !== null) return void content.resume();
      const file = { content, filename: filename === undefined || filename === '' ? null : filename, mimeType };
      const result = take(file, fields);
      result.catch(() => content.resume());
      taken = { mimeType, content, result };
    });
    form.on('finish', resolve);
    const broken = () => reject(new RequestRefusedError('bad_request', 'The body is no whole multipart form'));
    form.on('error', broken);
    payload.on('error', broken);
    payload.on('close', () => (payload.readableEnded ? undefined : broken()));
    payload.pipe(form);
  });
  const { failure, file } = await settle(read, () => taken);
  if (failure !== null) {
    payload.unpipe().resume();
    // A form that broke off ends nobody's stream.
    file?.content.destroy(failure);
    await file?.result.then(discard, () => undefined);
    throw failure;
  }
  return { fields, file: file === null ? null : { mimeType: file.mimeType, result: await file.result } };
}

/** Waits for the end of the form; `file` is asked for only then. */
async function settle<F>(read: Promise<void>, file: () => F): Promise<{ failure: Error | null; file: F }> {
  const failure = await read.then(
    () => null,
    (error: Error) => error,
  );
  return { failure, file: file() };
}

function openForm({ headers }: FastifyRequest) {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: LIMITS });
  } catch {
    throw new RequestRefusedError('bad_request', 'The multipart form says no boundary');
  }
}
