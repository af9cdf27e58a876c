import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';

/** Writes two lines, and ends in the same moment. */
const PROGRAM = `
import { Logger } from '#observability';
const logger = Logger.create('info');
setTimeout(() => { logger.warn('one'); logger.warn('two'); process.exit(0); }, 300);
`;
const run = () =>
  spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });

it('a process whose log nobody reads any more ends all the same', async () => {
  const child = run();
  child.stdout.destroy();
  const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000);
  expect(await once(child, 'exit')).toEqual([0, null]);
  clearTimeout(deadline);
});

it('a process that ends at once has said all of it', async () => {
  const child = run();
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  expect(
    output
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual(['one', 'two']);
});
