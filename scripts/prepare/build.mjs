import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { fingerprint, listFiles, readStamp } from './fingerprint.mjs';
import { inRoot } from './paths.mjs';
import { progress, runTool } from './run.mjs';

const STAMP = 'dist/sources.sha256';

/** Specs are read by Jest, not built (`exclude` in .swcrc). */
const isSpec = (path) => /\.(spec|int-spec|e2e-spec)\.\w+$/.test(path);

const sourcesOfBuild = () => fingerprint(['apps', 'libs', '.swcrc', 'package-lock.json'], (path) => !isSpec(path));

/** Whether dist/ is built from the sources that are there. */
export function isBuilt() {
  return readStamp(STAMP) === sourcesOfBuild();
}

/**
 * Compiles apps and libs to dist/. It writes over what is there and then removes what has no source any more: a stack
 * that runs from dist/ meanwhile never misses a file.
 */
export function build() {
  progress('building (swc)');
  const sources = sourcesOfBuild();
  rmSync(inRoot(STAMP), { force: true });
  runTool('swc', ['apps', 'libs', '-d', 'dist', '--copy-files', '--quiet']);
  listFiles('dist')
    .filter(hasNoSource)
    .forEach((path) => rmSync(inRoot(path)));
  writeFileSync(inRoot(STAMP), sources);
}

function hasNoSource(path) {
  const source = path.replace(/^dist\//, '');
  const candidates = [source, source.replace(/\.js(\.map)?$/, '.ts')].filter((candidate) => !isSpec(candidate));
  return !candidates.some((candidate) => existsSync(inRoot(candidate)));
}
