import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second of /proc (Linux). */
const TICKS = 100;

/** Memory of a process, MiB (Linux). */
export const residentOf = (pid) => statusOf(pid, 'VmRSS');

/** The most memory that a process ever had, MiB (Linux). */
export const peakOf = (pid) => statusOf(pid, 'VmHWM');

async function statusOf(pid, name) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
}

/** Processor time of a process so far, s (Linux). */
export async function cpuOf(pid) {
  const { user, system } = await statOf(pid);
  return (user + system) / TICKS;
}

/** Processor time of a server with all its children, those that ended too, s. */
export async function cpuOfFamily(pid) {
  const own = await statOf(pid);
  let ticks = own.user + own.system + own.endedUser + own.endedSystem;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await statOf(name).catch(() => null);
    if (stat?.parent === pid) ticks += stat.user + stat.system;
  }
  return ticks / TICKS;
}

async function statOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((index) => Number(fields[index]));
  return { parent, user, system, endedUser, endedSystem };
}
