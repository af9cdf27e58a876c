import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '#config';

/** What a command ended with. */
export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

const PROGRAM = join(projectRoot(), 'dist/apps/cli/src/main.js');

/** What Node compiled is kept, as `npm run herald` does. */
const COMPILED = join(projectRoot(), '.herald/compiled');

/** Runs the built CLI to its end with exactly this environment. */
export function runCli(args: readonly string[], env: Record<string, string | undefined>): Promise<CliResult> {
  const inherited = { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: COMPILED };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env: { ...inherited, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
