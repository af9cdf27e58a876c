import { spawn } from 'node:child_process';

/**
 * Waits for the end of its input, which comes with the end of this process, even by `kill -9`. Then the server gets ten
 * seconds to stop, and its data go.
 */
const SCRIPT = `
cat >/dev/null
data=$1/pg
moved=$(cat "$1/pg.path" 2>/dev/null) && data=$moved/data
if pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null); then
  kill -INT "$pid"
  tries=100
  while [ $tries -gt 0 ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; tries=$((tries - 1)); done
  kill -KILL "$pid" 2>/dev/null
fi
# An initdb that was still running writes for a moment.
rm -rf -- "$1" \${moved:+"$moved"} || { sleep 2; rm -rf -- "$1" \${moved:+"$moved"}; }
`;

/**
 * Has the server of a throw-away home stopped, and the home removed, when this process ends. `home` holds `pg` or `pg.path`,
 * now or later. `dismiss()` calls that off.
 */
export function stopWithParent(home: string): { dismiss(): void } {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'sh', home], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.unref();
  // A pipe would keep this process from ending; it is a socket underneath, whose types do not say so.
  (guard.stdin as unknown as { unref(): void }).unref();
  return { dismiss: () => void guard.kill('SIGKILL') };
}
