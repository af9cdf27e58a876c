import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Database, type Statement } from '#persistence';

const MAX_ROWS = 5_000;

/** References (`ref:`) are kept: they name a message for good. Uses idempotency_key (created_at). */
const FORGET_KEYS: Statement = {
  name: 'forget-keys',
  sql: `
DELETE FROM idempotency_key WHERE (client_id, key) IN (
  SELECT client_id, key FROM idempotency_key WHERE created_at < now() - $1 * interval '1 hour' AND key LIKE 'key:%' ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING 1`,
};

/** Forgets Idempotency-Keys after their time. Safe to run twice at once. */
@Injectable()
export class ForgetKeysService {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** @returns how many were forgotten: all whose time is over */
  async forget(): Promise<number> {
    let forgotten = 0;
    for (let found = MAX_ROWS; found === MAX_ROWS; forgotten += found)
      found = (await this.database.query(FORGET_KEYS, [this.environment.IDEMPOTENCY_HOURS, MAX_ROWS])).length;
    return forgotten;
  }
}
