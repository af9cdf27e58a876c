import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { tidily } from './spent-pieces.js';

describe('a stream whose pieces are collected', () => {
  it('gives the same bytes, also of more than one pile', async () => {
    const pieces = Array.from({ length: 300 }, () => randomBytes(65_536));
    const read = await buffer(tidily(Readable.from(pieces, { objectMode: false })));
    expect(read.equals(Buffer.concat(pieces))).toBe(true);
  });

  it('breaks when its source does', async () => {
    function* broken() {
      yield Buffer.from('x');
      throw new Error('gone');
    }
    await expect(buffer(tidily(Readable.from(broken(), { objectMode: false })))).rejects.toThrow('gone');
  });

  it('closes its source when nobody reads on', async () => {
    const source = Readable.from([Buffer.from('x'), Buffer.from('y')], { objectMode: false });
    const pieces = tidily(source)[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.return?.();
    expect(source.destroyed).toBe(true);
  });

  it('closes its source when nobody begins to read', async () => {
    const source = Readable.from([Buffer.from('x')], { objectMode: false });
    const pieces = tidily(source);
    pieces.destroy();
    await new Promise((resolve) => pieces.once('close', resolve));
    expect(source.destroyed).toBe(true);
  });
});
