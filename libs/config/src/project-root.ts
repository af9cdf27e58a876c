import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of Herald's package.json, from wherever the code runs (sources or dist). @throws Error outside a checkout or image. */
export function projectRoot(from: string = import.meta.dirname): string {
  const manifest = join(from, 'package.json');
  if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'herald')
    return from;
  if (dirname(from) === from)
    throw new Error('Herald runs outside its own folder: no package.json of it above the code');
  return projectRoot(dirname(from));
}
