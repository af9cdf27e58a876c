import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load, YAML11_SCHEMA } from 'js-yaml';

/** The services of docker-compose.yml, by name, with the defaults of its variables filled in. */
export async function readServices(root) {
  const text = await readFile(join(root, 'docker-compose.yml'), 'utf8');
  const filledIn = text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
  // Merge keys (`<<`) are YAML 1.1.
  return load(filledIn, { schema: YAML11_SCHEMA }).services;
}
