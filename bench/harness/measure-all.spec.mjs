import { expect, it } from '@jest/globals';
import { measureAll } from './measure-all.mjs';

it('keeps what was measured before and after a scenario that throws', async () => {
  const told = [];
  const measure = async (name) => {
    if (name === 'send') throw new Error('7 of 10 were sent, and no more\n  with details');
    return [`${name} 1`, `${name} 2`];
  };
  const measured = await measureAll(['accept', 'send', 'feeder'], measure, (line) => told.push(line));
  expect(measured).toEqual({
    results: ['accept 1', 'accept 2', 'feeder 1', 'feeder 2'],
    failures: [{ scenario: 'send', error: '7 of 10 were sent, and no more' }],
  });
  expect(told).toEqual([expect.stringContaining('with details')]);
});
