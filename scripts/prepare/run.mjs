import { spawnSync } from 'node:child_process';
import { inRoot, root } from './paths.mjs';

/** Says on stderr what is being done: stdout belongs to the command that was prepared for. */
export function progress(message) {
  process.stderr.write(`herald: ${message}\n`);
}

/** Runs a program to its end with all its output on stderr. Throws when it fails. */
export function run(command, args, env = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${signal ?? `exit code ${status}`}`);
}

/** Runs a program of an installed package on the Node that package.json pins. */
export function runTool(name, args, env = {}) {
  run(inRoot(`node_modules/.bin/${name}`), args, {
    PATH: `${inRoot('node_modules/.bin')}:${process.env.PATH}`,
    ...env,
  });
}
