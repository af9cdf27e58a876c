import { Database, startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase, databaseUrl, TEMPLATE_DATABASE } from '#testing';
import { fillDatabase } from './fill.mjs';
import { measure } from './measure.mjs';
import { rollUp } from './roll-up.mjs';

const STATEMENT_TIMEOUT_MS = 3_600_000;
/** What a message takes with all that hangs on it, indexes and the way there included; generous. */
const BYTES = 2_500;
const SPARE_BYTES = 2 ** 30;

/** Bytes of disk that the data of so many messages need. */
export const bytesOfReports = (messages) => messages * BYTES + SPARE_BYTES;

/**
 * Makes so many messages of 30 days in a Postgres of its own and measures reports and searches over them.
 * @returns what counting them into the rollups took, as pairs of text, and of each case its times in ms, its target and what it found
 */
export async function measureReports(messages, rounds, say) {
  const postgres = await startThrowawayPostgres();
  try {
    await buildTemplateDatabase(postgres.url);
    const url = databaseUrl(postgres.url, TEMPLATE_DATABASE);
    const database = new Database({ url, poolMax: 4, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    const world = await fillDatabase(url, messages, say);
    const rolledUp = await rollUp(database, url, say);
    const cases = await measure(database, world, rounds);
    await database.close();
    return { rolledUp, cases };
  } finally {
    await postgres.stop();
  }
}
