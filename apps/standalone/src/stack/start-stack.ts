import { join } from 'node:path';
import {
  type Environment,
  readEnvironment,
  ensureSecrets,
  homeFolder,
  removeRunEnv,
  type SecretName,
  type Variables,
  writeRunEnv,
} from '#config';
import { Logger } from '#observability';
import { migrateDatabase, openHomeDatabase } from '#persistence';
import { applicationStopSteps, createApplication, runApplication } from './application.js';
import { claimPort, localUrl } from './claim-port.js';
import type { Greeting } from './greeting.js';
import { lockStack } from './lock-stack.js';
import { ensureReadyKey, ensureSimulatedSender } from './ready-access.js';
import { startSimulator } from './simulator-process.js';
import { StartRefusedError } from './start-refused.error.js';
import type { Startup } from './startup.js';

/** A stack that is up. */
export interface Stack extends Greeting {
  logger: Logger;
}

/** Where a stack keeps its things, what is configured, and what was generated for the rest. */
interface Plan {
  home: string;
  settings: Variables;
  secrets: Record<SecretName, string>;
  url: string;
  port: number;
  logger: Logger;
}

/**
 * Starts everything on this machine: what DATABASE_URL, REDIS_URL and GRAPH_API_BASE_URL name is used, and for what they
 * do not name an embedded part is started. How to end it all again is left with `startup`.
 * @throws StartRefusedError, EnvironmentError
 */
export async function startStack(startup: Startup, settings: Variables): Promise<Stack> {
  const plan = await makePlan(startup, settings);
  const { home, secrets, url, logger } = plan;
  const databaseUrl = await startDatabase(startup, plan);
  const simulatorUrl = settings['GRAPH_API_BASE_URL'] ? undefined : await startGraph(startup, plan);
  const environment = readEnvironment({
    ...settings,
    ...secrets,
    ...(simulatorUrl === undefined ? {} : { GRAPH_API_BASE_URL: simulatorUrl }),
    DATABASE_URL: databaseUrl,
    OUTCOME_JOURNAL_DIR: settings['OUTCOME_JOURNAL_DIR'] || join(home, 'journal'),
    MEDIA_DIR: settings['MEDIA_DIR'] || join(home, 'media'),
    PORT: String(plan.port),
  });
  const app = await startup.step('application', () => createApplication(environment, logger));
  startup.endsWith(applicationStopSteps(app));
  await startup.step('run', () => runApplication(app, environment));
  if (simulatorUrl !== undefined) await startup.step('sender', () => ensureSimulatedSender(app));
  const apiKey = await startup.step('key', () => ensureReadyKey(app, home));
  const { HERALD_POSTGRES_PASSWORD: _inTheUrl, ...shared } = secrets;
  const places = {
    HERALD_URL: url,
    DATABASE_URL: databaseUrl,
    HERALD_API_KEY: apiKey,
    SIMULATOR_URL: simulatorUrl,
    GRAPH_API_BASE_URL: environment.GRAPH_API_BASE_URL,
  };
  await startup.step(
    'run.env',
    () => writeRunEnv(home, { ...shared, ...places, HERALD_PID: String(process.pid) }),
    () => removeRunEnv(home),
  );
  return { url, apiKey, simulatorUrl, graphUrl: environment.GRAPH_API_BASE_URL, home, logger };
}

/** Takes the home folder and the port, and checks what is configured: before anything is started. */
async function makePlan(startup: Startup, settings: Variables): Promise<Plan> {
  const home = homeFolder(settings);
  await startup.step(
    'lock',
    () => lockStack(home),
    (lock) => lock.unlock(),
  );
  const secrets = await startup.step('secrets', () =>
    ensureSecrets(home, settings, [
      'HERALD_ENCRYPTION_KEYS',
      'META_APP_SECRET',
      'META_VERIFY_TOKEN',
      'HERALD_ADMIN_KEY',
      'HERALD_POSTGRES_PASSWORD',
    ]),
  );
  const { HOST, PORT, LOG_LEVEL } = checkSettings({ ...settings, ...secrets });
  const port = await startup.step('port', () => claimPort(HOST, PORT));
  return { home, settings, secrets, port, url: localUrl(HOST, port), logger: Logger.create(LOG_LEVEL) };
}

/** The environment as far as it is known before Postgres runs. @throws EnvironmentError */
function checkSettings(settings: Variables): Environment {
  return readEnvironment({ ...settings, DATABASE_URL: settings['DATABASE_URL'] || 'postgresql://embedded' });
}

async function startDatabase(startup: Startup, { home, settings, secrets }: Plan): Promise<string> {
  const configured = settings['DATABASE_URL'];
  const url =
    configured ||
    (
      await startup.step(
        'postgres',
        () => openHomeDatabase(home, secrets.HERALD_POSTGRES_PASSWORD).catch(refuse),
        (database) => database.release(),
      )
    ).url;
  await startup.step('migrations', () => migrateDatabase(url, process.env).catch(refuse));
  return url;
}

async function startGraph(startup: Startup, { home, settings, secrets, url, logger }: Plan): Promise<string> {
  const simulator = await startup.step(
    'simulator',
    () =>
      startSimulator({
        webhookUrl: `${url}/webhooks/whatsapp`,
        appSecret: secrets.META_APP_SECRET,
        logFile: join(home, 'simulator-requests.jsonl'),
        variables: settings,
        onLost: (code) => logger.error('simulator.lost', { code }),
      }),
    (started) => started.stop(),
  );
  return simulator.url;
}

/** What Postgres and Prisma say of themselves is what helps the person at the terminal. */
function refuse(error: Error): never {
  throw new StartRefusedError(error.message, { cause: error });
}
