import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { RequestRefusedError } from './request.errors.js';

const MAX_FIELDS = 100;

/**
 * The fields of a multipart form of texts, as `curl -F` sends them; of two of one name the last counts.
 * @param maxBytes of the whole body
 * @throws RequestRefusedError for one that is longer, not whole, or has a file
 */
export function readParts(
  payload: Readable,
  headers: IncomingHttpHeaders,
  maxBytes: number,
): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    let size = 0;
    const refuse = (code: string, sentence: string) => {
      payload.unpipe().resume();
      reject(new RequestRefusedError(code, sentence));
    };
    const broken = () => refuse('bad_request', 'The body is no whole multipart form');
    const form = openForm(headers, maxBytes);
    if (form === null) return broken();
    form.on('field', (name, value) => void fields.set(name, value));
    form.on('file', (_name, content) => {
      content.resume();
      refuse('bad_request', 'A message has no file in its form: upload it first, and name its id');
    });
    form.on('finish', () => resolve(fields));
    form.on('error', broken);
    payload.on('error', broken);
    payload.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) refuse('body_too_large', `The body may have at most ${maxBytes} bytes; it has more`);
    });
    payload.pipe(form);
  });
}

function openForm(headers: IncomingHttpHeaders, maxBytes: number) {
  try {
    const limits = { fields: MAX_FIELDS, fieldNameSize: 100, fieldSize: maxBytes, headerPairs: 20 };
    return new Busboy({ headers: headers as BusboyHeaders, limits });
  } catch {
    return null;
  }
}
