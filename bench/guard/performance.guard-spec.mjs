import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { belowHalf } from './below-half.mjs';

const { command, ratios } = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8'));
const TIMEOUT_MS = 600_000;

it(
  'no scenario is at less than half of its recorded ratio to the floor',
  async () => {
    // The very command that was recorded, so that like is held against like.
    const { stdout } = await promisify(execFile)(process.execPath, ['bench/main.mjs', ...command.split(' ')], {
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(belowHalf(ratios, JSON.parse(stdout).results)).toEqual([]);
  },
  TIMEOUT_MS,
);
