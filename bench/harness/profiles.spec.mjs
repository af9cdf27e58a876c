import { describe, expect, it } from '@jest/globals';
import { sharesOf } from './profiles.mjs';

const FRAMES = [
  ['(idle)', ''],
  ['(garbage collector)', ''],
  ['runMicrotasks', ''],
  ['send', 'file:///herald/node_modules/fastify/lib/reply.js'],
  ['query', 'file:///herald/node_modules/@scope/driver/node_modules/parser/index.js'],
  ['accept', 'file:///herald/dist/libs/messages/src/accept.js'],
  ['onread', 'node:internal/stream_base_commons'],
  ['writev', ''],
];
const IDLE = 0;
const [COLLECTOR, NATIVE, FASTIFY, PARSER, MESSAGES, STREAM, WRITEV] = [1, 2, 3, 4, 5, 6, 7];

/** A profile that began at 1,000 µs with a sample each 10 µs. */
const profileOf = (...samples) => ({
  startTime: 1_000,
  nodes: FRAMES.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } })),
  samples,
  timeDeltas: samples.map(() => 10),
});
const ALWAYS = { from: 0, to: 10_000 };

describe('shares of a profile', () => {
  it('name packages, the innermost one, rooms, writes to sockets, the rest of Node and its collector', () => {
    const shares = sharesOf(profileOf(COLLECTOR, NATIVE, WRITEV, STREAM, FASTIFY, PARSER, MESSAGES, MESSAGES), ALWAYS);
    expect(shares).toEqual([
      ...['Node', 'libs/messages'].map((place) => ({ place, percent: 25 })),
      ...['(garbage collector)', 'writes to sockets', 'fastify', 'parser'].map((place) => ({ place, percent: 12.5 })),
    ]);
  });

  it('are of the time at work', () => {
    expect(sharesOf(profileOf(IDLE, IDLE, FASTIFY, IDLE), ALWAYS)).toEqual([{ place: 'fastify', percent: 100 }]);
  });

  it('are of the span that is asked for', () => {
    const profile = profileOf(FASTIFY, MESSAGES, PARSER);
    expect(sharesOf(profile, { from: 1_015, to: 1_025 })).toEqual([{ place: 'libs/messages', percent: 100 }]);
    expect(sharesOf(profile, { from: 2_000, to: 3_000 })).toEqual([]);
  });
});
