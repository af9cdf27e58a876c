import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { progress, run } from './run.mjs';

/** npm's own record of what is in node_modules. */
const INSTALLED = 'node_modules/.package-lock.json';

/** The pinned Node, which an install script puts in place. */
const PINNED_NODE = 'node_modules/node/bin/node';

/** Whether node_modules holds what package-lock.json says. */
export function isInstalled() {
  if (!existsSync(inRoot(INSTALLED)) || !existsSync(inRoot(PINNED_NODE))) return false;
  const installed = readPackages(INSTALLED);
  return Object.entries(readPackages('package-lock.json')).every(([path, wanted]) => {
    // The root itself, and packages for other platforms, are not in npm's record.
    if (path === '') return true;
    if (!installed[path]) return wanted.optional === true || wanted.peer === true;
    return installed[path].version === wanted.version && installed[path].integrity === wanted.integrity;
  });
}

/** Runs `npm ci`, with the npm that started us if there is one. */
export function install() {
  progress('installing packages (npm ci)');
  const npm = process.env.npm_execpath;
  // All of it runs on the pinned Node: that packages want a newer one than the machine has is not worth fifty lines of warnings.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm?.endsWith('.js')) run(process.execPath, [npm, ...args]);
  else run('npm', args);
  if (!existsSync(inRoot(PINNED_NODE))) {
    throw new Error(`${PINNED_NODE} is missing: npm was told not to run install scripts (ignore-scripts)`);
  }
}

function readPackages(path) {
  return JSON.parse(readFileSync(inRoot(path), 'utf8')).packages;
}
