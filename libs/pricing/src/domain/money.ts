/** Money is whole micro-units (millionths) of a named currency; a bigint, because a month of them outgrows what a number holds exactly. */
export interface Money {
  amountMicros: bigint;
  currency: string;
}

const DECIMAL = /^(\d{1,9})(?:\.(\d{1,12}))?$/;
const MICRO_DIGITS = 6;

/** Micro-units of a decimal text such as `0.0618`; digits beyond the sixth round half up. Null if it is none. */
export function parseMicros(text: string): bigint | null {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return null;
  const micros = BigInt(whole + fraction.slice(0, MICRO_DIGITS).padEnd(MICRO_DIGITS, '0'));
  return micros + ((fraction[MICRO_DIGITS] ?? '0') >= '5' ? 1n : 0n);
}

/** `0.061800` of 61800: a decimal text with all six digits, exact. */
export function formatMicros(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const digits = String(micros < 0n ? -micros : micros).padStart(MICRO_DIGITS + 1, '0');
  return `${sign}${digits.slice(0, -MICRO_DIGITS)}.${digits.slice(-MICRO_DIGITS)}`;
}
