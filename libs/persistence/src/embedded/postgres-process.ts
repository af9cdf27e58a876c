import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parsePostmasterPid, type PostmasterPid } from './postmaster-pid.js';

/** How long a file without a pid is taken for one that a server is just writing. */
const WRITING_MS = 1_000;

/** The server that runs on a data folder, or undefined. */
export async function findServer(dataFolder: string): Promise<PostmasterPid | undefined> {
  const found = parsePostmasterPid((await readPidFile(dataFolder)) ?? '');
  return found && (await isServerOf(found.pid, dataFolder)) ? found : undefined;
}

/**
 * Removes the `postmaster.pid` that a killed server left behind, because Postgres itself would take any process that has
 * got the same pid since for that server. Never the file of a server that is starting: it would shut itself down.
 */
export async function removeStalePidFile(dataFolder: string): Promise<void> {
  let text = await readPidFile(dataFolder);
  if (text !== undefined && !parsePostmasterPid(text)) {
    await sleep(WRITING_MS);
    text = await readPidFile(dataFolder);
  }
  if (text === undefined || (await findServer(dataFolder))) return;
  await rm(pidFile(dataFolder), { force: true });
}

/** Whether a process is alive and is the Postgres server of a data folder (a zombie is neither). */
export async function isServerOf(pid: number, dataFolder: string): Promise<boolean> {
  return (await readCommandLine(pid)).includes(`-D ${dataFolder} -c `);
}

async function readCommandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    }
    return (await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

const pidFile = (dataFolder: string): string => join(dataFolder, 'postmaster.pid');

async function readPidFile(dataFolder: string): Promise<string | undefined> {
  return readFile(pidFile(dataFolder), 'utf8').catch(() => undefined);
}
