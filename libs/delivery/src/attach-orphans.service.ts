import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { attachOrphans, followOrphans, MAX_ORPHANS } from './attach-orphans.js';
import { forgetOrphans } from './queries/take-orphans.query.js';

/** Gives statuses that waited for their message to it. */
@Injectable()
export class AttachOrphansService {
  constructor(private readonly database: Database) {}

  /**
   * @param wamids which; null looks at all that wait
   * @returns how many statuses found their message
   */
  async attach(wamids: string[] | null): Promise<number> {
    let attached = 0;
    for (let found = MAX_ORPHANS; found === MAX_ORPHANS; attached += found) found = await this.attachSome(wamids);
    return attached;
  }

  private attachSome(wamids: string[] | null): Promise<number> {
    return this.database.transaction(async (tx) => {
      const attached = await attachOrphans(tx, wamids);
      await followOrphans(tx, attached);
      return attached.count;
    });
  }

  /** Forgets statuses that found no message in 30 days. */
  async forgetOld(): Promise<void> {
    await forgetOrphans(this.database);
  }
}
