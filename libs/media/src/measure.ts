import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { noteSpent } from './spent-pieces.js';

const HEAD_BYTES = 32;

/**
 * Counts and hashes what goes through, and keeps its first bytes. Beyond `maxBytes` it still counts and lets nothing through:
 * the one who sends can say all of it and then hear why it was refused. Where nobody waits to hear that, `refuse` ends it with an error.
 */
export class Measure extends Transform {
  private readonly hash = createHash('sha256');
  size = 0;
  head: Buffer = Buffer.alloc(0);

  constructor(
    private readonly maxBytes: number,
    private readonly refuse?: (size: number) => Error,
  ) {
    super();
    // It may be told to end before anybody reads it: whoever does then hears of it.
    this.on('error', () => undefined);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    noteSpent(chunk.length);
    if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, chunk]).subarray(0, HEAD_BYTES);
    if (this.size > this.maxBytes) return done(this.refuse?.(this.size));
    this.hash.update(chunk);
    done(null, chunk);
  }

  /** Hex, of all that went through; once, at the end. */
  sha256(): string {
    return this.hash.digest('hex');
  }
}
