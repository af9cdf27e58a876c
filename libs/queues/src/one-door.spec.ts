import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config';

const DOOR = 'libs/queues/src/wake.service.ts';

/** Sources of apps and libs, without specs and without the simulator, which has queues of its own and none of BullMQ. */
function sources(): string[] {
  return ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(projectRoot(), folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((name) => name.endsWith('.ts') && !/spec\.ts$|\/generated\/|^apps\/graph-simulator/.test(name)),
  );
}
const holds = (pattern: RegExp) =>
  sources().filter((name) => pattern.test(readFileSync(join(projectRoot(), name), 'utf8')));

describe('the one door into BullMQ', () => {
  it('only WakeService adds jobs', () => {
    expect(holds(/\.addBulk\(|queue\w*(\.get\([^)]*\))?\.add\(/i)).toEqual([DOOR]);
  });

  it('only this room knows BullMQ', () => {
    const strangers = holds(/from '(@nestjs\/)?bullmq'/).filter((name) => !name.startsWith('libs/queues/'));
    expect(strangers).toEqual([]);
  });
});
