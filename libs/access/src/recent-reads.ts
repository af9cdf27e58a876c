export interface RecentReadsOptions {
  /** How old an answer may be, counted from when its read began, ms. */
  ttlMs: number;
  /** The most answers kept; the oldest goes first. */
  maxEntries: number;
  /** A clock that never goes back, ms. */
  now?: () => number;
}

/**
 * Answers of the last few seconds, so that a fact every request needs is not read for every request. Readers of one key
 * that come together share one read. What is not found (null) and what failed is read again.
 */
export class RecentReads<Value> {
  private readonly entries = new Map<string, { answer: Promise<Value | null>; until: number }>();
  private readonly ttlMs: number;
  private readonly maxEntries: number;
  private readonly now: () => number;

  constructor({ ttlMs, maxEntries, now = () => performance.now() }: RecentReadsOptions) {
    this.ttlMs = ttlMs;
    this.maxEntries = maxEntries;
    this.now = now;
  }

  /** The answer for a key, at most `ttlMs` old. @throws what `read` throws */
  async get(key: string, read: () => Promise<Value | null>): Promise<Value | null> {
    const kept = this.entries.get(key);
    if (kept !== undefined && kept.until > this.now()) return kept.answer;
    const entry = { answer: read(), until: this.now() + this.ttlMs };
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.dropOldest();
    const answer = await entry.answer.catch((error: unknown) => {
      this.drop(key, entry);
      throw error;
    });
    if (answer === null) this.drop(key, entry);
    return answer;
  }

  /** Forgets everything: the next readers see what is there now. */
  clear(): void {
    this.entries.clear();
  }

  private drop(key: string, entry: object): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }

  private dropOldest(): void {
    if (this.entries.size <= this.maxEntries) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
