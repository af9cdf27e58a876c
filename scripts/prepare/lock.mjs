import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRoot } from './paths.mjs';
import { progress } from './run.mjs';

const LOCK = '.herald/prepare.lock';
const POLL_MS = 100;

/** Runs `work` while no other process prepares this folder. The lock of a process that is gone does not count. */
export async function withLock(work) {
  mkdirSync(inRoot('.herald'), { recursive: true });
  for (let waits = 0; !(await tryLock()); waits++) {
    if (waits === 0) progress(`waiting for process ${readHolder()}, which prepares this folder`);
    await sleep(POLL_MS);
  }
  const unlock = () => readHolder() === process.pid && rmSync(inRoot(LOCK), { force: true });
  process.once('exit', unlock);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  return work();
}

async function tryLock() {
  try {
    writeFileSync(inRoot(LOCK), String(process.pid), { flag: 'wx' });
    // Someone who saw the dead holder before us may have taken our lock for its lock: look again.
    await sleep(POLL_MS);
    return readHolder() === process.pid;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(readHolder())) rmSync(inRoot(LOCK), { force: true });
    return false;
  }
}

function readHolder() {
  try {
    return Number(readFileSync(inRoot(LOCK), 'utf8'));
  } catch {
    return 0; // unlocked in between
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
