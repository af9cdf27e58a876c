import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isCloudPath, VERSION_PARAMETER } from '../cloud-api/cloud-path.js';
import { setFlawedAside } from './flawed-items.js';
import { dropPrototypes, findJsonFlaw } from './json-flaw.js';
import { readParts } from './read-parts.js';
import { refuseFlaw, RequestRefusedError } from './request.errors.js';

/** Largest JSON body, bytes. */
export const JSON_BODY_LIMIT = 1024 * 1024;
/** Largest body of a bulk request, bytes. */
export const BULK_BODY_LIMIT = 16 * 1024 * 1024;
/** Largest notification, bytes: Meta sends up to 3 MB. */
export const RAW_BODY_LIMIT = 4 * 1024 * 1024;

/** Routes whose body is handed on as the bytes that came, because a signature covers them. */
const RAW_ROUTES: readonly string[] = ['/webhooks/whatsapp'];

/** Routes that take many messages at once. */
const BULK_ROUTES: readonly string[] = ['/v1/messages/bulk'];

/** Routes that read their body themselves, as it comes: a form with a file. */
const STREAM_ROUTES: readonly string[] = ['/v1/media', `/${VERSION_PARAMETER}/:id/media`];

const NOT_JSON = 'Bodies must be application/json';

/**
 * Reads bodies: JSON objects that can be stored, up to 1 MiB (bulk: 16 MiB), and on the raw routes a Buffer of whatever came, up to 4 MiB.
 * Must be called before routes are added. On the stream routes the
 * body is the stream of a form; the drop-in API also takes forms of texts. Everything else is refused with a code of `PROBLEMS`.
 */
export function addBodyParsers(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (RAW_ROUTES.includes(route.url)) route.bodyLimit = RAW_BODY_LIMIT;
    if (BULK_ROUTES.includes(route.url)) route.bodyLimit = BULK_BODY_LIMIT;
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    try {
      done(null, isRaw(request) ? bytes : readJson(bytes, BULK_ROUTES.includes(request.routeOptions.url ?? '')));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser('multipart/form-data', (request, payload, done) => {
    if (isStream(request.routeOptions.url)) return done(null, payload);
    if (isCloudPath(request.url))
      return void readParts(payload, request.headers, JSON_BODY_LIMIT)
        .then((fields) => storable(Object.fromEntries(fields)))
        .then((body) => done(null, body), done);
    payload.resume();
    done(new RequestRefusedError('unsupported_media_type', NOT_JSON));
  });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (request, bytes: Buffer, done) => {
      if (isRaw(request)) return done(null, bytes);
      if (!isCloudPath(request.url)) return done(new RequestRefusedError('unsupported_media_type', NOT_JSON));
      try {
        done(null, readForm(bytes));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    if (isRaw(request)) return done(null, bytes);
    // A body of no bytes has no media type to speak of.
    if (bytes.length === 0) return done(null, undefined);
    done(new RequestRefusedError('unsupported_media_type', NOT_JSON));
  });
}

/** Cuts a request off whose body has not come whole after a time; one with a file may take as long as the server lets it. */
export function limitArrival({ raw, routeOptions }: FastifyRequest, timeoutMs: number): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers;
  if ((length === undefined && encoding === undefined) || isStream(routeOptions.url)) return;
  const timer = setTimeout(() => (raw.complete ? undefined : raw.destroy()), timeoutMs).unref();
  raw.once('close', () => clearTimeout(timer));
}

const isStream = (url: string | undefined) => STREAM_ROUTES.includes(url ?? '');
const isRaw = ({ routeOptions }: FastifyRequest) => RAW_ROUTES.includes(routeOptions.url ?? '');

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @throws RequestRefusedError */
function readJson(bytes: Buffer, isBulk: boolean): object | undefined {
  if (bytes.length === 0) return undefined;
  return storable(parse(bytes), isBulk);
}

/** The fields of a form, as Meta takes them beside JSON; all are texts. @throws RequestRefusedError */
const readForm = (bytes: Buffer) => storable(Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))));

/** @throws RequestRefusedError for what is no object that can be stored; items of a bulk request are refused one by one */
function storable(value: unknown, isBulk = false): object {
  let flaw = findJsonFlaw(value);
  if (flaw !== null && isBulk) {
    setFlawedAside(value);
    flaw = findJsonFlaw(value);
  }
  if (flaw !== null) throw refuseFlaw(flaw);
  dropPrototypes(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestRefusedError('body_not_object', 'The body must be a JSON object');
  }
  return value;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch {
    // What the parser says of it quotes the body.
    throw new RequestRefusedError('malformed_json', 'The body is not valid JSON in UTF-8');
  }
}
