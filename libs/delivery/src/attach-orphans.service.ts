import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { attachOrphans, MAX_ORPHANS } from './attach-orphans.js';
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
    for (let found = MAX_ORPHANS; found === MAX_ORPHANS; attached += found)
      found = await this.database.transaction((tx) => attachOrphans(tx, wamids));
    return attached;
  }

  /** Forgets statuses that found no message in 30 days. */
  async forgetOld(): Promise<void> {
    await forgetOrphans(this.database);
  }
}
