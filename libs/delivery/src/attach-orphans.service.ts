import { Injectable } from '@nestjs/common';
import { firstIdAt } from '#messages';
import { Database } from '#persistence';
import { attachOrphans, followOrphans, MAX_ORPHANS } from './attach-orphans.js';
import { forgetOrphans } from './queries/take-orphans.query.js';

/** A message lives 30 days at most, and a status waits for it as long: an older one is one that was redriven, ms. */
const RECENT_MS = 62 * 86_400_000;

/**
 * How often such messages are looked at, too, ms. Statuses are looked for when a wamid is learnt: what is left are those that came in that
 * moment, or a process that ended in it.
 */
const ALL_MS = 3_600_000;

/** Gives statuses that waited for their message to it. */
@Injectable()
export class AttachOrphansService {
  private allLookedAt: number | undefined;

  constructor(private readonly database: Database) {}

  /**
   * @param wamids which; null looks at all that wait: in the attempts of recent messages, and now and then of all
   * @returns how many statuses found their message
   */
  async attach(wamids: string[] | null): Promise<number> {
    const sinceId = wamids === null ? this.sinceId() : null;
    let attached = 0;
    for (let found = MAX_ORPHANS; found === MAX_ORPHANS; attached += found)
      found = await this.attachSome(wamids, sinceId);
    return attached;
  }

  private sinceId(): string | null {
    const now = performance.now();
    if (this.allLookedAt !== undefined && now - this.allLookedAt < ALL_MS) return firstIdAt(Date.now() - RECENT_MS);
    this.allLookedAt = now;
    return null;
  }

  private attachSome(wamids: string[] | null, sinceId: string | null): Promise<number> {
    return this.database.transaction(async (tx) => {
      const attached = await attachOrphans(tx, wamids, sinceId);
      await followOrphans(tx, attached);
      return attached.count;
    });
  }

  /** Forgets statuses that found no message in 30 days. */
  async forgetOld(): Promise<void> {
    await forgetOrphans(this.database);
  }
}
