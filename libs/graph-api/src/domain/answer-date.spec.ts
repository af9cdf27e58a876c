import { describe, expect, it } from '@jest/globals';
import { parseAnswerDate } from './answer-date.js';

const NOW_MS = Date.parse('2026-11-30T12:00:00.700Z');
const HOUR_MS = 3_600_000;

describe('parseAnswerDate', () => {
  it.each<[string, string | undefined, number | undefined]>([
    ['none', undefined, undefined],
    ['empty', '', undefined],
    ['no date', 'soon', undefined],
    ['of a clock that is behind ours', 'Mon, 30 Nov 2026 11:59:40 GMT', NOW_MS - 20_700],
    ['of a clock that is ahead of ours', 'Mon, 30 Nov 2026 12:00:20 GMT', NOW_MS + 19_300],
    ['an hour ago', new Date(NOW_MS - HOUR_MS + 300).toUTCString(), NOW_MS - HOUR_MS + 300],
    ['more than an hour ago', new Date(NOW_MS - HOUR_MS).toUTCString(), undefined],
    ['more than an hour ahead', new Date(NOW_MS + HOUR_MS + 300).toUTCString(), undefined],
  ])('%s', (_name, header, expected) => {
    const at = parseAnswerDate(header, NOW_MS)?.getTime();
    expect(at).toBe(expected === undefined ? undefined : Math.floor(expected / 1_000) * 1_000);
  });
});
