import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What became of a send: taken, refused with a Graph error, or not taken without one. */
export type SendOutcome = 'accepted' | 'refused' | 'dropped';

/** One send that arrived. It is logged before its answer is written. */
export interface LoggedRequest {
  /** 1, 2, 3 … in the order of arrival since the start or the last reset. */
  seq: number;
  /** RFC 3339. */
  at: string;
  /** `biz_opaque_callback_data`: Herald's attempt id. */
  attemptId: string | null;
  phoneNumberId: string;
  recipient: string | null;
  type: string | null;
  scenario: string | null;
  outcome: SendOutcome;
  /** The Graph error code of a refused send. */
  code: number | null;
  wamid: string | null;
}

/** Narrows down what `find` gives. */
export interface LogQuery {
  recipient?: string;
  attemptId?: string;
  afterSeq?: number;
  limit?: number;
}

/**
 * Every send that arrived, in memory (the newest ones) and as JSON lines on disk. A line is handed to the operating system
 * before the answer is written, so it outlives a kill of this process and of whoever is being tested.
 */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private lastSeq = 0;
  private byOutcome: Record<SendOutcome, number> = { accepted: 0, refused: 0, dropped: 0 };
  private readonly file: number | null;

  constructor(
    path: string,
    private readonly memory: number,
  ) {
    if (path !== '') mkdirSync(dirname(path), { recursive: true });
    this.file = path === '' ? null : openSync(path, 'a');
  }

  /** How many sends arrived since the start or the last reset. */
  get counts(): Record<SendOutcome, number> {
    return { ...this.byOutcome };
  }

  /** Adds one send and returns it with its number and time. */
  add(send: Omit<LoggedRequest, 'seq' | 'at'>, now: number): LoggedRequest {
    this.lastSeq += 1;
    this.byOutcome[send.outcome] += 1;
    const entry = { seq: this.lastSeq, at: new Date(now).toISOString(), ...send };
    if (this.file !== null) writeSync(this.file, `${JSON.stringify(entry)}\n`);
    this.entries.push(entry);
    if (this.entries.length >= 2 * this.memory) this.entries = this.entries.slice(-this.memory);
    return entry;
  }

  /** The sends that match, oldest first; at most `limit`. */
  find({ recipient, attemptId, afterSeq = 0, limit = 1000 }: LogQuery): LoggedRequest[] {
    const digits = recipient?.replace(/\D/g, '');
    return this.entries
      .filter((entry) => entry.seq > afterSeq)
      .filter((entry) => attemptId === undefined || entry.attemptId === attemptId)
      .filter((entry) => digits === undefined || entry.recipient?.replace(/\D/g, '') === digits)
      .slice(0, limit);
  }

  /** Forgets everything, on disk too, and counts from 1 again. */
  clear(): void {
    this.entries = [];
    this.lastSeq = 0;
    this.byOutcome = { accepted: 0, refused: 0, dropped: 0 };
    if (this.file !== null) ftruncateSync(this.file);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
  }
}
