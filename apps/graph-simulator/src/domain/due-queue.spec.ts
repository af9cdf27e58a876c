import { describe, expect, it } from '@jest/globals';
import { DueQueue } from './due-queue.js';

describe('DueQueue', () => {
  it('gives what is due, in the order of time, and keeps the rest', () => {
    const queue = setup([
      ['c', 1300],
      ['a', 1000],
      ['b', 1100],
      ['later', 5000],
    ]);
    expect(queue.takeDue(1300)).toEqual(['a', 'b', 'c']);
    expect(queue.size).toBe(1);
    expect(queue.takeDue(4999)).toEqual([]);
    expect(queue.takeDue(5000)).toEqual(['later']);
  });

  it('keeps the order of things that are due together', () => {
    expect(
      setup([
        ['first', 1001],
        ['second', 1002],
        ['third', 1001],
      ]).takeDue(1010),
    ).toEqual(['first', 'second', 'third']);
  });

  it('never gives a thing before it is due', () => {
    const queue = setup([['a', 1001]]);
    expect(queue.takeDue(1000)).toEqual([]);
    expect(queue.takeDue(1009)).toEqual([]);
    expect(queue.takeDue(1010)).toEqual(['a']);
  });

  it('gives late additions at the next take', () => {
    const queue = setup([['a', 2000]]);
    queue.takeDue(2000);
    queue.add('late', 1500);
    expect(queue.takeDue(2000)).toEqual(['late']);
  });

  it('forgets everything', () => {
    const queue = setup([['a', 1000]]);
    queue.clear();
    expect([queue.size, queue.takeDue(9000)]).toEqual([0, []]);
  });
});

function setup(items: [string, number][]): DueQueue<string> {
  const queue = new DueQueue<string>(10);
  for (const [item, dueAt] of items) queue.add(item, dueAt);
  return queue;
}
