import { validate as isUuid } from 'uuid';
import { isScope, type Scope, SCOPES } from '#access';
import { META_ID, OWNER_NAME } from '#senders';
import { UsageError } from '../usage-error.js';

/** A name without spaces around it. @throws UsageError */
export function nameValue(value: string): string {
  const name = value.trim();
  if (name === '') throw new UsageError('--name must not be empty');
  if (name.length > 100) throw new UsageError('--name must have at most 100 characters');
  return name;
}

/** `messages:write,messages:read`, or `all`. @throws UsageError that lists the scopes there are */
export function scopesValue(value: string): Scope[] {
  const scopes = listValue(value);
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined || scopes.length === 0) {
    throw new UsageError(
      `--scopes: ${unknown === undefined ? 'none given' : `no scope '${unknown}'`}; there are ${SCOPES.join(', ')}`,
    );
  }
  return scopes.filter(isScope);
}

/** `all`, or phone number ids. @throws UsageError */
export function sendersValue(value: string): 'all' | string[] {
  if (value.trim() === 'all') return 'all';
  const senders = listValue(value);
  if (senders.length === 0 || !senders.every(isMetaId)) {
    throw new UsageError('--senders must be all, or phone number ids (digits) separated by commas');
  }
  return senders;
}

/** An id that Meta gave: digits. @throws UsageError that names the option */
export const metaIdValue = (option: string) => (value: string) => {
  if (!isMetaId(value)) throw new UsageError(`${option} must be an id of Meta's: 1 to 32 digits`);
  return value;
};

/** An id of Herald's. @throws UsageError that names it */
export const uuidValue = (option: string) => (value: string) => {
  if (!isUuid(value)) throw new UsageError(`${option} must be a UUID`);
  return value.toLowerCase();
};

/** An instant as RFC 3339 writes it. @throws UsageError that names the option */
export const instantValue = (option: string) => (value: string) => {
  const instant = new Date(value);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(value) || Number.isNaN(instant.getTime()))
    throw new UsageError(`${option} must be an instant like 2026-11-22T12:00:00Z`);
  return instant;
};

/** An access token as Meta gives it. The error does not repeat it. @throws UsageError */
export function accessTokenValue(value: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new UsageError('--access-token must be one word of ASCII characters');
  return value;
}

/** Word for something that Meta or the operator named. @throws UsageError that names the option */
export const wordValue = (option: string) => (value: string) => {
  if (!OWNER_NAME.test(value)) throw new UsageError(`${option} must be 1 to 64 letters, digits or . : _ -`);
  return value;
};

/** ISO 4217. @throws UsageError */
export function currencyValue(value: string): string {
  if (!/^[A-Z]{3}$/.test(value)) throw new UsageError('--currency must be three capital letters, such as USD');
  return value;
}

/** IANA name. @throws UsageError */
export function timezoneValue(value: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value;
  } catch {
    throw new UsageError('--timezone must be a name of the IANA database, such as Europe/Berlin');
  }
}

/** A phone number as people write it. @throws UsageError */
export function displayNumberValue(value: string): string {
  const digits = value.replaceAll(/[+\-() ]/g, '');
  if (!/^\d{7,15}$/.test(digits)) throw new UsageError('--display-number must be a phone number of 7 to 15 digits');
  return value.trim();
}

const isMetaId = (value: string): boolean => META_ID.test(value);

const listValue = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
