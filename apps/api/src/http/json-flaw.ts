import { fieldPath } from './field-path.js';

/** Deeper JSON is nobody's request. */
export const MAX_JSON_DEPTH = 32;

/** What makes a parsed body one that Herald does not take, though it is valid JSON. */
export interface JsonFlaw {
  code: 'body_too_deep' | 'forbidden_key' | 'invalid_text' | 'number_out_of_range';
  /** Where, as a path; empty for the body itself. */
  field: string;
  /** A sentence without any value of the body. */
  message: string;
}

/** Names that a body itself must not have: they would change the object that it becomes. Further in they are names like any other. */
const FORBIDDEN_KEYS = new Set(['constructor', 'prototype']);
/** A name that nobody means: `dropPrototypes` takes it out. */
const DROPPED_KEY = '__proto__';

/** The first flaw of a JSON value, or null: what passes can be stored in Postgres and comes back as it was. */
export function findJsonFlaw(value: unknown): JsonFlaw | null {
  return flawAt(value, []);
}

function flawAt(value: unknown, path: (string | number)[]): JsonFlaw | null {
  if (typeof value === 'string') return isStorable(value) ? null : flaw('invalid_text', path);
  if (typeof value === 'number') return isExact(value) ? null : flaw('number_out_of_range', path);
  if (typeof value !== 'object' || value === null) return null;
  if (path.length >= MAX_JSON_DEPTH) return flaw('body_too_deep', []);
  if (Array.isArray(value)) return flawIn(value, path);
  for (const key of Object.keys(value)) {
    if (key === DROPPED_KEY) continue;
    if (!isStorable(key)) return flaw('invalid_text', path);
    if (path.length === 0 && FORBIDDEN_KEYS.has(key)) return flaw('forbidden_key', [...path, key]);
    path.push(key);
    const found = flawAt((value as Record<string, unknown>)[key], path);
    path.pop();
    if (found !== null) return found;
  }
  return null;
}

/** Of a list, which may have millions of items: an index is a name only where something is found. */
function flawIn(list: readonly unknown[], path: (string | number)[]): JsonFlaw | null {
  for (let index = 0; index < list.length; index += 1) {
    path.push(index);
    const found = flawAt(list[index], path);
    path.pop();
    if (found !== null) return found;
  }
  return null;
}

/** Takes every member `__proto__` out of a JSON value that has no flaw; what is in it is gone with it. */
export function dropPrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, DROPPED_KEY)) Reflect.deleteProperty(value, DROPPED_KEY);
  for (const member of Object.values(value)) dropPrototypes(member);
}

/** Postgres takes neither NUL nor half a surrogate pair. */
const isStorable = (text: string) => !text.includes('\u0000') && text.isWellFormed();

/** A larger integer, or 1e400, has already become another number. */
const isExact = (value: number) => Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

const MESSAGES: Record<JsonFlaw['code'], string> = {
  body_too_deep: `A body may be at most ${MAX_JSON_DEPTH} levels deep`,
  forbidden_key: 'is a name that no member of a body may have',
  invalid_text: 'must not contain U+0000 or half a surrogate pair',
  number_out_of_range: 'must be a number that JSON keeps exactly (integers up to 2^53 - 1); send longer ones as text',
};

const flaw = (code: JsonFlaw['code'], path: readonly (string | number)[]): JsonFlaw => ({
  code,
  field: fieldPath(path.map(String)),
  message: MESSAGES[code],
});
