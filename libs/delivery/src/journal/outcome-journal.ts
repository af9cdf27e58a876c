import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settlement } from '../queries/settle-attempts.query.js';

const ENTRY = /^[0-9a-f-]{36}\.json$/;

/** An outcome that stands in the journal, and its file. */
export interface JournalEntry {
  file: string;
  settlement: Settlement;
}

/**
 * Outcomes of attempts that could not be written down in Postgres: one small file each, so that processes that share the folder
 * need not agree on anything and no line is ever half there. What Meta said in words is left out: it may name people.
 */
export class OutcomeJournal {
  constructor(private readonly folder: string) {}

  /** Durable when it resolves: the file is synced under a name that is not an entry, renamed, and the folder is synced. */
  async append(settlement: Settlement): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `${randomUUID()}.json`);
    const file = await open(`${path}.new`, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify({ ...settlement, detail: null }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }

  /** Whatever stands in it, of any process; an entry that another process takes away meanwhile is left out. */
  async entries(): Promise<JournalEntry[]> {
    const names = await readdir(this.folder).catch(orIfMissing<string[]>([]));
    const entries = await Promise.all(
      names
        .filter((name) => ENTRY.test(name))
        .map(async (file) => {
          const text = await readFile(join(this.folder, file), 'utf8').catch(orIfMissing(null));
          return text === null ? null : { file, settlement: JSON.parse(text) as Settlement };
        }),
    );
    return entries.filter((entry) => entry !== null);
  }

  /** Forgets an entry that has been applied. */
  async remove({ file }: JournalEntry): Promise<void> {
    await unlink(join(this.folder, file)).catch(orIfMissing(undefined));
  }

  /** Puts an entry aside that can never be applied: it stays for a person to look at. */
  async bury({ file }: JournalEntry): Promise<void> {
    await rename(join(this.folder, file), join(this.folder, `${file}.dead`)).catch(orIfMissing(undefined));
  }
}

const orIfMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
