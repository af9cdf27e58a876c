import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '#config';
import { eventually } from './eventually.js';
import { spawnProcess } from './spawn-process.js';

const TIMEOUT_MS = 120_000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('spawnProcess', () => {
  it(
    'gives a program that is ready, and how it ended',
    async () => {
      const simulator = await spawnProcess('graph-simulator', {});
      expect((await fetch(`${simulator.url}/health/live`)).status).toBe(200);
      expect(simulator.output()).toContain(simulator.url);
      expect(await simulator.kill()).toEqual({ code: 0, signal: null });
      expect(await simulator.kill()).toEqual({ code: 0, signal: null });
    },
    TIMEOUT_MS,
  );

  it(
    'tells a program that was killed',
    async () => {
      const simulator = await spawnProcess('graph-simulator', {});
      expect(await simulator.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    },
    TIMEOUT_MS,
  );

  it(
    'throws what the program has said when it does not start',
    async () => {
      await expect(spawnProcess('graph-simulator', { SIMULATOR_BATCH_SIZE: 'many' })).rejects.toThrow(
        /It ended with exit code 1[\s\S]*SIMULATOR_BATCH_SIZE/,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'lets no program outlive a test that was killed',
    async () => {
      const testing = pathToFileURL(join(projectRoot(), 'dist/libs/testing/src/index.js')).href;
      const script = `const { spawnProcess } = await import('${testing}');
        console.log((await spawnProcess('graph-simulator', {})).pid); setInterval(() => {}, 1000);`;
      const test = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [chunk] = (await once(test.stdout, 'data')) as [Buffer];
      const pid = Number(chunk.toString());
      expect(isAlive(pid)).toBe(true);
      test.kill('SIGKILL');
      await eventually(() => !isAlive(pid));
    },
    TIMEOUT_MS,
  );
});
