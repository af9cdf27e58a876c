import { join, resolve } from 'node:path';
import { projectRoot } from '../project-root.js';

/** Variables of the environment, as a process is given them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The folder in which a local stack keeps what it generated: `.herald` in Herald's own folder, or HERALD_HOME. Two stacks
 * with different homes have nothing to do with each other.
 */
export function homeFolder(variables: Variables): string {
  return variables['HERALD_HOME'] ? resolve(variables['HERALD_HOME']) : join(projectRoot(), '.herald');
}
