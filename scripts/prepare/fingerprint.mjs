import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/**
 * A hash of what files and folders of the repository contain, by path. Contents, not dates: a checkout, a copy and a
 * clock that jumps change dates. `isIncluded` gets a path and decides whether it counts.
 */
export function fingerprint(paths, isIncluded = () => true) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(listFiles).filter(isIncluded)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(inRoot(path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Every file under a path of the repository, in a fixed order, as paths from the repository's root. */
export function listFiles(path) {
  if (!existsSync(inRoot(path))) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(inRoot(path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.slice(inRoot('').length).replaceAll('\\', '/'))
    .sort();
}

/** The text of a file that a step left behind, or an empty string. */
export function readStamp(path) {
  return existsSync(inRoot(path)) ? readFileSync(inRoot(path), 'utf8') : '';
}
