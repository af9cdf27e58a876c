import { createHash } from 'node:crypto';

/** One uploaded file. */
export interface StoredMedia {
  id: string;
  mimeType: string;
  /** Hex. */
  sha256: string;
  content: Buffer;
}

/** The oldest files are forgotten when all of them together are larger. */
const MAX_BYTES = 256 * 1024 * 1024;
const FIRST_ID = 700000001000001;

/** Uploaded media, in memory. */
export class MediaStore {
  private readonly files = new Map<string, StoredMedia>();
  private nextId = FIRST_ID;
  private bytes = 0;

  /** Keeps a file and gives it an id. */
  add(content: Buffer, mimeType: string): StoredMedia {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const media = { id: String(this.nextId), mimeType, sha256, content };
    this.nextId += 1;
    this.files.set(media.id, media);
    this.bytes += content.length;
    for (const oldest of this.files.keys()) {
      if (this.bytes <= MAX_BYTES || oldest === media.id) break;
      this.delete(oldest);
    }
    return media;
  }

  find(id: string): StoredMedia | undefined {
    return this.files.get(id);
  }

  /** Whether there was such a file. */
  delete(id: string): boolean {
    this.bytes -= this.files.get(id)?.content.length ?? 0;
    return this.files.delete(id);
  }

  clear(): void {
    this.files.clear();
    this.bytes = 0;
  }
}
