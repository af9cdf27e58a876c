import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So much may pile up. */
const PILE_BYTES = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
let pile = 0;

/**
 * Takes note of pieces of a file that went by. V8 lets some 60 MB of them pile up before it frees any, because each is a small
 * object with its bytes elsewhere: here the young ones are collected earlier, in about a millisecond.
 */
export function noteSpent(bytes: number): void {
  pile += bytes;
  if (pile < PILE_BYTES) return;
  pile = 0;
  collect({ type: 'minor' });
}

/** The same stream, whose pieces are noted as they go by. */
export function tidily(content: Readable): Readable {
  async function* pieces() {
    for await (const piece of content as AsyncIterable<Buffer>) {
      yield piece;
      noteSpent(piece.length);
    }
  }
  // A generator that nobody began to read ends without a word to its source.
  return Readable.from(pieces(), { objectMode: false }).once('close', () => content.destroy());
}
