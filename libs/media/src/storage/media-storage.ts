import type { Readable } from 'node:stream';

/** Where the bytes of files lie: a folder, or a bucket. Keys come from `storageKey`; whatever is done streams. */
export abstract class MediaStorage {
  /** Stores all of a stream; when that fails nothing is left. */
  abstract put(key: string, content: Readable): Promise<void>;
  /** @throws MediaBytesMissingError */
  abstract get(key: string): Promise<Readable>;
  /** Removes what is there; that nothing is there is fine. */
  abstract remove(key: string): Promise<void>;
  /** Ends what it holds open. */
  async close(): Promise<void> {}
}

/** The row has a key, and the storage nothing under it: it was cleared, or is another one. */
export class MediaBytesMissingError extends Error {
  readonly code = 'media_bytes_missing';
  constructor() {
    super('The bytes of this file are not in the storage');
  }
}

/** The key of a file's bytes: spread over folders by the end of its id, which is random. */
export const storageKey = (id: string): string => `${id.slice(-2)}/${id}`;
