import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Places that are named of each process; what is less is left out. */
const MOST = 12;
const NOT_WORK = ['(root)', '(idle)'];

/** Options (`NODE_OPTIONS`) with which a program writes to a folder, as it ends, what its processor time went to. */
export const profileOptions = (folder) => `--cpu-prof --cpu-prof-dir=${folder}`;

/** A moment on the clock of profiles, µs: the machine's own, the same for all of its processes. */
export const profileClock = () => Number(process.hrtime.bigint() / 1_000n);

/**
 * Where each process that wrote a profile was during each run of the meter, of runs of one kind the last.
 * @returns `[{what, process, shares}]`, `shares` as `sharesOf` gives them
 */
export async function profilesOf(runs, folder) {
  const files = await readdir(folder);
  const all = [];
  for (const { what, pids, span } of new Map(runs.map((run) => [run.what, run])).values())
    for (const [name, pid] of Object.entries(pids)) {
      // CPU.<date>.<time>.<pid>.<thread>.<n>.cpuprofile
      const file = files.find((one) => one.split('.')[3] === String(pid));
      if (!file) continue;
      const profile = JSON.parse(await readFile(join(folder, file), 'utf8'));
      all.push({ what, process: name, shares: sharesOf(profile, span) });
    }
  return all;
}

/**
 * Shares of a profile of V8 in a span of time, by place: a package, one of Herald's rooms, writes to sockets, the rest of Node, its collector, or what no script
 * accounts for (`(program)`: the system, compiled libraries).
 * @returns `[{place, percent}]` of the time that it worked, the largest first
 */
export function sharesOf({ nodes, samples, timeDeltas, startTime }, { from, to }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map();
  let [at, all] = [startTime, 0];
  for (const [n, id] of samples.entries()) {
    const took = timeDeltas[n];
    at += took;
    const frame = frames.get(id);
    if (at < from || at > to || NOT_WORK.includes(frame.functionName)) continue;
    const place = placeOf(frame);
    spent.set(place, (spent.get(place) ?? 0) + took);
    all += took;
  }
  return [...spent]
    .map(([place, took]) => ({ place, percent: (took * 100) / all }))
    .sort((one, other) => other.percent - one.percent)
    .slice(0, MOST);
}

function placeOf({ functionName, url }) {
  if (url === '' && functionName.startsWith('(')) return functionName;
  if (url === '') return /^write(v|Buffer|\w+String)$/.test(functionName) ? 'writes to sockets' : 'Node';
  if (url.startsWith('node:')) return 'Node';
  const [, packageName] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  const [, room] = /\/dist\/((?:libs|apps)\/[^/]+)\//.exec(url) ?? [];
  return packageName ?? room ?? 'elsewhere';
}
