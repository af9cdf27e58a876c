import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Tells a process from a later one that got the same pid: `<pid> <when it started>`. Undefined when there is no such
 * process, or only what its parent has not cleared away yet.
 */
export function markOf(pid: number): string | undefined {
  const start = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  return start === undefined ? undefined : `${pid} ${start}`;
}

/** The pid in a mark, if that very process is alive. */
export function livePidOf(mark: string): number | undefined {
  const pid = Number(mark.split(' ', 1)[0]);
  return Number.isInteger(pid) && pid > 0 && markOf(pid) === mark ? pid : undefined;
}

/** proc_pid_stat(5): the name in brackets may hold anything; field 3 is the state, field 22 the start in clock ticks. */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const [, state, start] =
      /^\s*(\S+)\s+(.*\S)/.exec(execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).toString()) ?? [];
    return state?.startsWith('Z') ? undefined : start?.replaceAll(/\s+/g, '-');
  } catch {
    return undefined;
  }
}
