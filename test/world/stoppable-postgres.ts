import { startEmbeddedPostgres, startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase } from '#testing';
import { openGate } from './gate.js';

/** A migrated database on a server of its own, that can be stopped, killed and started again at one address. */
export interface StoppablePostgres {
  url: string;
  /** As an operator stops it. */
  stop(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it for good, and its data. */
  remove(): Promise<void>;
}

/** Starts one. Durable: what it has committed is there again after a kill. */
export async function startStoppablePostgres(): Promise<StoppablePostgres> {
  const first = await startThrowawayPostgres({ isDurable: true });
  await buildTemplateDatabase(first.url);
  const database = new URL(first.url);
  database.pathname = '/herald_template';
  const gate = await openGate(database.href);
  let pid = first.pid;
  const end = async (signal: NodeJS.Signals) => {
    process.kill(pid, signal);
    await gate.shut();
  };
  return {
    url: gate.url,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    // The server that is still ending is waited for.
    start: async () => {
      const again = await startEmbeddedPostgres({
        folder: first.folder,
        password: decodeURIComponent(database.password),
        isDurable: true,
      });
      pid = again.pid;
      await gate.open(again.url);
    },
    remove: async () => {
      await gate.shut();
      await first.stop();
    },
  };
}
