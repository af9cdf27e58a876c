import { globalAgent } from 'node:http';
import { startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase } from './template-database.js';

const SERVER = Symbol.for('herald.testing.postgres');

/**
 * Jest gives every spec file fresh modules and a fresh `globalThis`, but Node's own objects are the same ones for all
 * files of a process: the address of the process' server is kept on one of them.
 */
const processWide = globalAgent as unknown as { [SERVER]?: Promise<string> };

/**
 * URL of a throw-away Postgres with the template database: the one that `npm test` has started (TEST_POSTGRES_URL), else
 * one that is started at the first call and stops with this process.
 */
export function startTestPostgres(): Promise<string> {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given) return Promise.resolve(given);
  return (processWide[SERVER] ??= startOwn());
}

async function startOwn(): Promise<string> {
  const { url } = await startThrowawayPostgres();
  await buildTemplateDatabase(url);
  return url;
}
