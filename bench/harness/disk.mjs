import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** @throws Error when so many bytes have no room where databases that are thrown away lie */
export async function refuseWithoutRoom(bytes) {
  const { bavail, bsize } = await statfs(tmpdir());
  const [needed, free] = [bytes, bavail * bsize].map((size) => Math.ceil(size / 1e9));
  if (free < needed) throw new Error(`this needs about ${needed} GB in ${tmpdir()}, where ${free} GB are free`);
}
