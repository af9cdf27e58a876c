import { Injectable } from '@nestjs/common';
import { v4 as randomUuid } from 'uuid';
import { keyPrefix, QueueBackend } from './queue-backend.js';

const KEY = keyPrefix('epoch');

/**
 * Notices that Redis lost its keys (delivery protocol §8): one of them is a random value that nobody changes. Several
 * processes may ask; each learns of a loss once.
 */
@Injectable()
export class QueueEpoch {
  private known: string | undefined;

  constructor(private readonly backend: QueueBackend) {}

  /**
   * Whether the queue was emptied since this was last asked. Always false on the Postgres backend, and while Redis cannot be
   * asked: the loss shows when it is back.
   */
  async changed(): Promise<boolean> {
    const { redis } = this.backend;
    if (redis === undefined) return false;
    try {
      const found = await redis.get(KEY);
      const current = found ?? (await this.begin(redis));
      const isChanged = found === null || (this.known !== undefined && this.known !== current);
      this.known = current;
      return isChanged;
    } catch (error) {
      this.backend.onError(error);
      return false;
    }
  }

  /** NX: of several processes that find the key missing one names the epoch, and all use its name. */
  private async begin(redis: NonNullable<QueueBackend['redis']>): Promise<string> {
    const name = randomUuid();
    await redis.set(KEY, name, 'NX');
    return (await redis.get(KEY)) ?? name;
  }
}
