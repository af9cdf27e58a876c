import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** What a message takes with all that hangs on it, indexes and the way there included; generous. */
const BYTES = 2_500;
const SPARE_BYTES = 2 ** 30;

/** Ends the process when the data would not fit. */
export async function checkDisk(messages) {
  const { bavail, bsize } = await statfs(tmpdir());
  const [free, needed] = [bavail * bsize, messages * BYTES + SPARE_BYTES];
  if (free >= needed) return;
  const gib = (bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  console.error(`${messages} messages need about ${gib(needed)} in ${tmpdir()}, where ${gib(free)} are free`);
  process.exit(1);
}
