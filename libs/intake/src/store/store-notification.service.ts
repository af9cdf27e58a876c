import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { coalesce, Database, newId } from '#persistence';
import { insertNotifications, type NewNotification } from './insert-notifications.query.js';
import { partsBySize } from './parts-by-size.js';

const MAX_BATCH = 256;
const IN_FLIGHT = 2;
/** The most bytes of one statement. They travel as text of twice the length, and a string cannot exceed half a gigabyte. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Stores notifications, byte for byte, before anybody looks into them. Concurrent ones share one statement. */
@Injectable()
export class StoreNotificationService {
  private readonly insert = coalesce<NewNotification, boolean>({
    run: async (notifications) => {
      const inserted = new Set<string>();
      for (const part of partsBySize(notifications, MAX_BYTES, ({ raw }) => raw.length))
        for (const id of await insertNotifications(this.database, part)) inserted.add(id);
      return notifications.map(({ id }) => inserted.has(id));
    },
    maxBatch: MAX_BATCH,
    inFlight: IN_FLIGHT,
  });

  constructor(private readonly database: Database) {}

  /**
   * Durable when it returns.
   * @returns whether it is new; the same bytes again are not
   * @throws the database's error when nothing is known to be stored: Meta will deliver it again
   */
  async store(raw: Buffer): Promise<boolean> {
    return this.insert({ id: newId(), raw, sha256: createHash('sha256').update(raw).digest() });
  }
}
