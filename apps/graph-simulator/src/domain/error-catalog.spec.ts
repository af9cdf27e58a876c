import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures.js';
import { graphError } from '../graph-errors.js';
import { ERROR_CATALOG, codeAtIndex, errorOfCode } from './error-catalog.js';

const recorded = Object.entries(readFixture<Record<string, number>>('graph/error_http_status_index.json')).map(
  ([file, httpStatus]) => ({ file, httpStatus, code: Number(/\d+/.exec(file)?.[0]) }),
);

describe('error catalog', () => {
  it.each(recorded)('$file is listed with its HTTP status and answered as recorded', ({ file, code, httpStatus }) => {
    const { error } = readFixture<{ error: object }>(`graph/${file}`);
    expect(codeAtIndex(ERROR_CATALOG.find((row) => row.code === code)?.index ?? -1)).toBe(code);
    expect(errorOfCode(code).httpStatus).toBe(httpStatus);
    expect(graphError(code)).toEqual({ httpStatus, body: { error: { ...error, fbtrace_id: expect.any(String) } } });
  });

  it('has one row per index and per code', () => {
    expect(new Set(ERROR_CATALOG.map(({ index }) => index)).size).toBe(ERROR_CATALOG.length);
    expect(new Set(ERROR_CATALOG.map(({ code }) => code)).size).toBe(ERROR_CATALOG.length);
  });

  it('has an answer for a code that is not listed', () => {
    expect(graphError(777)).toMatchObject({
      httpStatus: 400,
      body: { error: { code: 777, message: '(#777) Error 777' } },
    });
    expect(codeAtIndex(999)).toBeNull();
  });
});
