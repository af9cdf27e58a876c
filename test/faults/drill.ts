import { setTimeout as sleep } from 'node:timers/promises';
import { aText } from '../world/herald-api.js';
import { startLoad } from '../world/load.js';
import { recipients } from '../world/senders.js';
import type { StoppablePostgres } from '../world/stoppable-postgres.js';
import type { World } from '../world/world.js';

/** What a drill works with. All chance comes from `random`, which the seed decides. */
export interface Scene {
  world: World;
  /** The database server, in a drill that stops it. */
  postgres: StoppablePostgres | undefined;
  random: () => number;
  /** Texts to these numbers, one request each. @returns ids of those that were accepted */
  send: (to: readonly string[], overrides?: object) => Promise<string[]>;
  /** Has clients send texts to plain numbers while something happens. @returns ids of those that were accepted */
  during: (fault: () => Promise<unknown>) => Promise<string[]>;
  /** A whole number from `least` to `most`. */
  between: (least: number, most: number) => number;
}

/** One fault, or several of a kind. */
export interface Drill {
  name: string;
  what: string;
  /** How many messages it is about, where that can be chosen (`--size`). */
  size?: number;
  /** Runs on a database server of its own, which it may stop. */
  stopsPostgres?: true;
  /** At the protocol's own times; the others run at a twentieth. */
  isFullScale?: true;
  /** Injects the fault under load, heals it. @returns ids of all messages that were accepted */
  run: (scene: Scene, size: number) => Promise<string[]>;
}

export function makeScene(world: World, random: () => number, postgres?: StoppablePostgres): Scene {
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return {
    world,
    postgres,
    random,
    between,
    send: async (to, overrides = {}) => {
      const ids: string[] = [];
      for (let i = 0; i < to.length; i += 50)
        ids.push(...(await world.api.sendAll(to.slice(i, i + 50).map((number) => aText(number, overrides)))));
      return ids;
    },
    during: async (fault) => {
      const load = startLoad(world, '0100', 2);
      await sleep(between(200, 1_200));
      await fault();
      await sleep(between(200, 600));
      await load.stop();
      return load.accepted;
    },
  };
}

/** Numbers of several blocks, in an order that chance decides. */
export function mixed(blocks: Readonly<Record<string, number>>, random: () => number): string[] {
  return Object.entries(blocks)
    .flatMap(([block, count]) => recipients(block, count, block === '0100' ? 101 : 0))
    .map((number) => ({ number, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ number }) => number);
}
