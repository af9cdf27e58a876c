import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { releaseParked } from './queries/parked.query.js';

const MAX_ROWS = 500;

/** Has notifications applied that came before their number, or account, was ours. Their other items are applied again, which changes nothing. */
@Injectable()
export class ReleaseParkedService {
  constructor(private readonly database: Database) {}

  /** @returns how many had waited */
  async release(): Promise<number> {
    let released = 0;
    for (;;) {
      const count = await releaseParked(this.database, MAX_ROWS);
      released += count;
      if (count < MAX_ROWS) return released;
    }
  }
}
