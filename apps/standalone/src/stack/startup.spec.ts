import { describe, expect, it } from '@jest/globals';
import { StartCalledOffError, Startup } from './startup.js';

describe('Startup', () => {
  it('ends what it started, the last one first', async () => {
    const startup = new Startup();
    const ended: string[] = [];
    for (const name of ['lock', 'postgres', 'simulator'])
      await startup.step(
        name,
        () => name,
        (it) => ended.push(it),
      );
    await startup.step('secrets', () => 'nothing to end');
    expect(startup.stopSteps.map(([name]) => name)).toEqual(['simulator', 'postgres', 'lock']);
    await startup.undo();
    expect(ended).toEqual(['simulator', 'postgres', 'lock']);
    await startup.undo();
    expect(ended).toHaveLength(3);
  });

  it('goes on ending when one end fails', async () => {
    const startup = new Startup();
    const ended: string[] = [];
    await startup.step(
      'lock',
      () => 0,
      () => ended.push('lock'),
    );
    await startup.step(
      'postgres',
      () => 0,
      () => Promise.reject(new Error('stuck')),
    );
    await startup.undo();
    expect(ended).toEqual(['lock']);
  });

  it('starts nothing more once it is called off, and still ends what was starting then', async () => {
    const startup = new Startup();
    const ended: string[] = [];
    const starting = startup.step(
      'postgres',
      () => startup.callOff(),
      () => ended.push('postgres'),
    );
    await expect(starting).rejects.toThrow(StartCalledOffError);
    await expect(startup.step('simulator', () => 0)).rejects.toThrow(StartCalledOffError);
    await startup.undo();
    expect(ended).toEqual(['postgres']);
  });
});
