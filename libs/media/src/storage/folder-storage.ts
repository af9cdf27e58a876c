import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MediaBytesMissingError, MediaStorage } from './media-storage.js';

/** Files in a folder. Every process of Herald must see the same one. */
export class FolderStorage extends MediaStorage {
  constructor(private readonly folder: string) {
    super();
  }

  async put(key: string, content: Readable): Promise<void> {
    const path = join(this.folder, key);
    const part = `${path}.part`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await pipeline(content, createWriteStream(part, { mode: 0o600, flush: true }));
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async get(key: string): Promise<Readable> {
    const path = join(this.folder, key);
    const file = await open(path).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new MediaBytesMissingError() : error;
    });
    return createReadStream(path, { fd: file });
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.folder, key), { force: true });
  }
}
