import { readLiveRunEnv, stackLock } from '#config';
import { StartRefusedError } from './start-refused.error.js';

/** Makes this process the one stack of its home folder. @throws StartRefusedError that names the one there is */
export function lockStack(home: string): { unlock: () => void } {
  const lock = stackLock(home);
  if (!lock.tryLock()) {
    const url = readLiveRunEnv(home)?.HERALD_URL;
    const where = url === undefined ? '' : ` at ${url}`;
    throw new StartRefusedError(`Herald runs in this folder already: pid ${lock.holder() ?? 'unknown'}${where}`);
  }
  return { unlock: () => lock.unlock() };
}
