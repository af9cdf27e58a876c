import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { formatEnvFile, parseEnvFile, readEnvFile, writePrivateFile } from './env-file.js';

describe('env files', () => {
  it.each([
    [
      'plain values',
      { HERALD_URL: 'http://127.0.0.1:3000', HERALD_PID: '17' },
      'HERALD_URL=http://127.0.0.1:3000\nHERALD_PID=17\n',
    ],
    ['values with = in them', { KEYS: 'k1:AAAA==' }, 'KEYS=k1:AAAA==\n'],
    ['an empty value', { NOTHING: '' }, 'NOTHING=\n'],
    ['no values', {}, ''],
  ])('%s are written and read again', (_name, values, text) => {
    expect(formatEnvFile(values as Record<string, string>)).toBe(text);
    expect(parseEnvFile(text)).toEqual(values);
  });

  it('cannot be given a line more by a value', () => {
    expect(formatEnvFile({ A: 'x\nHERALD_PID=1' })).toBe('A=xHERALD_PID=1\n');
  });

  it('skips what is no value', () => {
    expect(parseEnvFile('# A=1\n\nB=2\r\n=3\nlower=4\nB=5\n')).toEqual({ B: '5' });
  });

  it('are readable for their owner only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'herald-env-'));
    const path = join(folder, 'deep', 'run.env');
    writePrivateFile(path, 'A=1\n');
    writePrivateFile(path, 'A=2\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readEnvFile(path)).toEqual({ A: '2' });
    expect(readEnvFile(join(folder, 'missing'))).toEqual({});
    rmSync(folder, { recursive: true });
  });
});
