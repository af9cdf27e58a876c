/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = Record<string, unknown>;

/** The value as an object, or null for anything else, arrays included. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The value as an array; empty for anything else. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a non-empty text, or null. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

const MAX_INT4 = 2_147_483_647;

/** The value as an integer that a Postgres `integer` can hold, or null. */
export function asInteger(value: unknown): number | null {
  return Number.isInteger(value) && Math.abs(value as number) <= MAX_INT4 ? (value as number) : null;
}

/** Sixteen digits outside quotes may stand for an integer that a double cannot hold. */
const LONG_NUMBER = /[:[,]\s*-?\d{16}/;

/**
 * The value of a JSON text, or undefined when it is not valid JSON. Integers beyond 2^53 come back as texts of their own
 * digits: Meta sends ids as strings, but one sent as a number must not become its neighbour.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, LONG_NUMBER.test(text) ? keepDigits : undefined);
  } catch {
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: { source: string }): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && context ? context.source : value;
}
