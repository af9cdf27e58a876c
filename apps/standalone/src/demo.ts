import { dirname, join } from 'node:path';
import { listFixtures, readFixture } from '#graph-api';
import { startThrowawayPostgres } from '#persistence';
import { fixtureSamples } from './demo/fixture-samples.js';
import { HeraldClient } from './demo/herald-client.js';
import { findCostMistakes, findMistakes, findWindowMistakes } from './demo/judge.js';
import { openWindows, runSamples } from './demo/run-samples.js';
import { SCENARIO_SAMPLES } from './demo/scenario-samples.js';
import { SimulatorClient } from './demo/simulator-client.js';
import { startStackProcess } from './demo/stack-process.js';
import { messageTable, priceReport, windowsTable } from './demo/tables.js';
import { SIMULATED_SENDER } from './stack/ready-access.js';
import { Startup } from './stack/startup.js';

/** Sends every kind of message through a stack of its own, shows what became of each, and takes everything away again. */
const startedAt = performance.now();
const startup = new Startup();
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => void end(exitCode));
}

try {
  const mistakes = await showAll();
  await end(mistakes.length === 0 ? 0 : 1);
} catch (error) {
  say(`\nThe demo failed: ${(error as Error).message}`);
  await end(1);
}

/** @returns what went otherwise than it should, a line each */
async function showAll(): Promise<string[]> {
  say('1. Starting Postgres, from an npm package, with data that are thrown away …');
  const postgres = await startup.step(
    'postgres',
    () => startThrowawayPostgres({ database: 'herald' }),
    (it) => it.stop(),
  );

  say('2. Starting Herald (API, webhooks, worker), and the simulator that stands for Meta …');
  const stack = await startup.step(
    'stack',
    () => startStackProcess(join(dirname(postgres.dataFolder), 'herald'), stackEnvironment(postgres.url)),
    (it) => it.stop(),
  );
  const { HERALD_URL, HERALD_API_KEY, SIMULATOR_URL = '' } = stack.runEnv;
  say(
    `   Herald at ${HERALD_URL}, simulator at ${SIMULATOR_URL}, queue on ${process.env['REDIS_URL'] ? 'Redis' : 'Postgres'}`,
  );

  const herald = new HeraldClient(HERALD_URL, HERALD_API_KEY);
  const simulator = new SimulatorClient(SIMULATOR_URL);
  await herald.importSampleRates();
  const bodies = listFixtures('send').map((file) => ({
    name: file.replace(/\.json$/, ''),
    body: JSON.parse(readFixture('send', file)) as Record<string, unknown>,
  }));
  const samples = [...fixtureSamples(bodies), ...SCENARIO_SAMPLES];
  say(`3. ${samples.length} customers write to the business, which opens their windows …`);
  await openWindows(simulator, samples);

  say(`4. Sending ${samples.length} messages (POST /v1/messages), and waiting for their last statuses …\n`);
  const results = await runSamples(herald, simulator, samples);
  say(messageTable(results));
  const costs = await herald.costs(new Date());
  say(`What that cost, by the sample rate card (GET /v1/reports/pricing)\n\n${priceReport(costs)}`);
  const conversations = await herald.conversations();
  say(`The windows that customers opened (GET /v1/conversations)\n\n${windowsTable(conversations)}`);

  const billed = await simulator.billed(SIMULATED_SENDER, new Date());
  const sends = await simulator.sends();
  const mistakes = [
    ...findMistakes(results, sends),
    ...findCostMistakes(results, costs, billed),
    ...findWindowMistakes(samples, conversations),
  ];
  for (const mistake of mistakes) say(`✗ ${mistake}`);

  say('5. Stopping everything …');
  const exitCode = await stack.stop();
  if (exitCode !== 0) mistakes.push('the stack did not stop cleanly');
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(
    mistakes.length === 0
      ? `\nAll ${results.length} messages ended as they should, and each of the ${sends.length} attempts reached the simulator once (${seconds} s).`
      : `\n${mistakes.length} things went otherwise than they should (${seconds} s).`,
  );
  return mistakes;
}

/** A real Redis is used when one is configured; database and Meta are always the demo's own. */
function stackEnvironment(databaseUrl: string): Record<string, string | undefined> {
  const { GRAPH_API_BASE_URL: _realMeta, ...inherited } = process.env;
  return {
    ...inherited,
    DATABASE_URL: databaseUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: inherited['LOG_LEVEL'] || 'warn',
    // Another stack on the same Redis may take our wake-up calls: ask again soon.
    REFEED_AFTER_MS: inherited['REFEED_AFTER_MS'] || '3000',
    // A machine that is busy may bunch messages: only the scenarios meet a limit.
    SIMULATOR_THROUGHPUT_PER_SECOND: inherited['SIMULATOR_THROUGHPUT_PER_SECOND'] || '0',
  };
}

async function end(exitCode: number): Promise<never> {
  startup.callOff();
  await startup.undo();
  process.exit(exitCode);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
