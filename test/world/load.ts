import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { aText } from './herald-api.js';
import { recipients } from './senders.js';
import type { World } from './world.js';

/**
 * Clients that send one message after the other, whatever happens to Herald meanwhile; one that hears no 202 asks again, with the
 * same Idempotency-Key.
 */
export interface Load {
  /** Ids of the messages that were answered 202, so far. */
  accepted: string[];
  /** How many requests got another answer, or none. */
  failed: number;
  /** Resolves when no request is under way any more. */
  stop(): Promise<void>;
}

/** Has `clients` clients send texts to numbers of a block (four digits after +1 555). */
export function startLoad(world: World, block: string, clients = 4): Load {
  let isStopped = false;
  const numbers = recipients(block, 899, 101);
  let next = 0;
  const load = { accepted: [] as string[], failed: 0 };
  const client = async () => {
    while (!isStopped) {
      const message = aText(numbers[next++ % numbers.length] ?? '');
      const key = randomUUID();
      for (let isAnswered = false; !isAnswered && !isStopped;) {
        try {
          load.accepted.push(await world.api.send(message, { 'idempotency-key': key }));
          isAnswered = true;
        } catch {
          load.failed += 1;
          await sleep(20);
        }
      }
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  const stop = async () => {
    isStopped = true;
    await running;
  };
  world.atEnd(stop); // also when its test fails before it stops it
  return Object.assign(load, { stop });
}
