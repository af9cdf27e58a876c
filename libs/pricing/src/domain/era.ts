import type { LocalDate } from './local-date.js';

/**
 * How Meta bills: by conversation (`cbp`), by delivered template (`pmp_1`), by delivered message whatever it is (`pmp_2`).
 * The switches are at 00:00 of the WABA's own time zone.
 * Source: Meta's pricing pages, editions of 2026-03 and 2026-09.
 */
export type Era = 'cbp' | 'pmp_1' | 'pmp_2';

const PER_MESSAGE_FROM = '2025-07-01';
const SERVICE_CHARGED_FROM = '2026-10-01';

/** The era of a day in the WABA's time zone. */
export function eraOf(day: LocalDate): Era {
  if (day < PER_MESSAGE_FROM) return 'cbp';
  return day < SERVICE_CHARGED_FROM ? 'pmp_1' : 'pmp_2';
}
