import { cp, mkdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Copies what .dockerignore lets through of a folder, as `docker build` sends it. Gives the copy's path. */
export async function dockerContext(root, target) {
  const rules = parseDockerignore(await readFile(join(root, '.dockerignore'), 'utf8'));
  await mkdir(target, { recursive: true });
  await cp(root, target, {
    recursive: true,
    filter: (source) => {
      const path = relative(root, source).split(sep).join('/');
      return path === '' || !isIgnored(path, rules);
    },
  });
  return target;
}

/** The rules of a .dockerignore, in order: `{ pattern, isException }`. */
export function parseDockerignore(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ pattern: toPattern(line.replace(/^!/, '')), isException: line.startsWith('!') }));
}

/** The last rule that fits a path, or a folder above it, decides. */
export function isIgnored(path, rules) {
  const ancestors = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const rule = rules.findLast(({ pattern }) => ancestors.some((ancestor) => pattern.test(ancestor)));
  return rule !== undefined && !rule.isException;
}

/** Docker's `*` matches names with a leading dot too, which Node's `matchesGlob` does not. */
function toPattern(glob) {
  const parts = { '**/': '(?:.*/)?', '*': '[^/]*', '.': '\\.' };
  return new RegExp(`^${glob.replace(/\*\*\/|\*|\./g, (part) => parts[part])}$`);
}
