import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatEnvFile, readEnvFile, writePrivateFile } from './env-file.js';
import { LockFile } from './lock-file.js';

/** What `run.env` says of a stack that is up. */
export interface RunEnv {
  HERALD_URL: string;
  DATABASE_URL: string;
  /** A key with every scope that needs no database row. */
  HERALD_ADMIN_KEY: string;
  /** The ready key that the stack printed. */
  HERALD_API_KEY: string;
  /** Only when the stack started the simulator. */
  SIMULATOR_URL?: string;
  /** What stands for Meta: the simulator, or what the stack was told. */
  GRAPH_API_BASE_URL: string;
  META_APP_SECRET: string;
  META_VERIFY_TOKEN: string;
  /** So that access tokens added meanwhile are encrypted with the keys of the stack. */
  HERALD_ENCRYPTION_KEYS: string;
  HERALD_PID: string;
}

/** The lock of a home folder's one running stack. */
export const stackLock = (home: string) => new LockFile(join(home, 'start.pid'));

/** Writes `run.env`, whole. */
export function writeRunEnv(home: string, values: RunEnv): void {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  writePrivateFile(runEnvFile(home), formatEnvFile(Object.fromEntries(given)));
}

/** Removes `run.env`. */
export function removeRunEnv(home: string): void {
  rmSync(runEnvFile(home), { force: true });
}

/** What the stack that is up in this home says of itself; undefined when none is, whatever a killed one left behind. */
export function readLiveRunEnv(home: string): RunEnv | undefined {
  const values = readEnvFile(runEnvFile(home));
  const pid = stackLock(home).holder();
  return pid !== undefined && values['HERALD_PID'] === String(pid) ? (values as unknown as RunEnv) : undefined;
}

const runEnvFile = (home: string): string => join(home, 'run.env');
