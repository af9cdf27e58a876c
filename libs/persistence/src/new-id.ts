import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const BYTES_PER_ID = 16;
/** Random bytes are asked of the system for so many ids at once: asking takes longer than all the rest. */
const IDS_PER_FILL = 256;
/** A sequence begins in the lower half of its 32 bits, so that a millisecond has room. */
const SEQUENCE_START_MASK = 0x7f_ff_ff_ff;

const pool = Buffer.alloc(BYTES_PER_ID * IDS_PER_FILL);
let used = pool.length;
let msecs = -Infinity;
let seq = 0;

/** A UUIDv7 (RFC 9562, §5.7): of one process each is greater than the one before. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += BYTES_PER_ID));
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    seq = random.readUInt32BE(6) & SEQUENCE_START_MASK;
  } else {
    seq += 1;
  }
  return uuidv7({ random, msecs, seq });
}
