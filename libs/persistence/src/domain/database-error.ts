import { types } from 'node:util';

/**
 * What to do about a database error. `repeat`: nothing was done, do the whole unit again. `lost`: the connection broke and a
 * COMMIT may have happened, so only a unit that is idempotent may be repeated. `data`: this input can never work.
 */
export type DatabaseErrorKind = 'repeat' | 'lost' | 'unique' | 'data' | 'other';

const REPEATABLE = new Set(['40001', '40P01', '55P03', 'P2034']);
const LOST = new Set([
  'P1001',
  'P1017',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ECONNABORTED',
  '25006',
  '57014',
]);
const LOST_SENTENCE =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|Client was closed|Query read timeout/;

/**
 * Names the kind of a database error, whichever of its shapes it comes in: pg's own, Prisma's with `meta.driverAdapterError`,
 * a bare DriverAdapterError (raised at COMMIT), or a raw Error of a broken connection.
 */
export function databaseErrorKind(error: unknown): DatabaseErrorKind {
  const code = sqlState(error);
  if (code !== undefined) {
    if (REPEATABLE.has(code)) return 'repeat';
    if (LOST.has(code) || code.startsWith('08') || code.startsWith('57P0') || code === '53300') return 'lost';
    if (code === '23505' || code === 'P2002') return 'unique';
    if (code.startsWith('22') || code.startsWith('23')) return 'data';
  }
  if (types.isNativeError(error) && LOST_SENTENCE.test(error.message)) return 'lost';
  return 'other';
}

/** The SQLSTATE, driver or Prisma code of an error, the innermost known first. */
export function sqlState(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  const meta = isRecord(error.meta) ? error.meta : {};
  const adapterError = isRecord(meta.driverAdapterError) ? meta.driverAdapterError : error;
  const cause = isRecord(adapterError.cause) ? adapterError.cause : {};
  const code = cause.originalCode ?? error.code;
  return typeof code === 'string' ? code : undefined;
}

/** Indexes of a partition are called like those of the whole table, with the month behind: `attempt_pkey_2026_11`. */
const MONTH = /_(\d{4}_\d{2}|default)$/;

/** Name of the constraint that a unique violation met, from pg or from Prisma; in whichever partition it was. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  const meta = isRecord(error.meta) ? error.meta : {};
  const cause =
    isRecord(meta.driverAdapterError) && isRecord(meta.driverAdapterError.cause) ? meta.driverAdapterError.cause : {};
  const constraint = isRecord(cause.constraint) ? cause.constraint.index : error.constraint;
  return typeof constraint === 'string' ? constraint.replace(MONTH, '') : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
