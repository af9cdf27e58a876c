import { flag, integer, list, text, timezone } from './setting.js';
import type { Setting } from './setting.js';

/** What the control API can change while the simulator runs. The README's table is checked against this one. */
export const SETTINGS = {
  accessTokens: list(
    'SIMULATOR_ACCESS_TOKEN',
    [],
    'bearer tokens that are accepted, comma-separated; empty: any token that is not empty',
  ),
  phoneNumberIds: list(
    'SIMULATOR_PHONE_NUMBER_IDS',
    [],
    'phone number ids that exist, comma-separated; empty: every id does',
  ),
  wabaId: text(
    'SIMULATOR_WABA_ID',
    '900000000000001',
    'WhatsApp Business Account that the phone numbers belong to',
    /^\d+$/,
  ),
  otherWabas: list(
    'SIMULATOR_OTHER_WABAS',
    [],
    'phone numbers of other accounts, comma-separated: `800000000000002=900000000000002`',
    /^\d+=\d+$/,
  ),
  throughputPerSecond: integer(
    'SIMULATOR_THROUGHPUT_PER_SECOND',
    80,
    'messages in any second and phone number before 130429; 0: no limit',
  ),
  throughputCountsInbound: flag(
    'SIMULATOR_THROUGHPUT_COUNTS_INBOUND',
    true,
    'messages of customers count towards that, too',
  ),
  pairCapacity: integer('SIMULATOR_PAIR_CAPACITY', 45, 'messages at once to one recipient before 131056; 0: no limit'),
  pairRefillMs: integer(
    'SIMULATOR_PAIR_REFILL_MS',
    6000,
    'ms after which one more message to that recipient is allowed',
    1,
  ),
  enforceWindow: flag(
    'SIMULATOR_ENFORCE_WINDOW',
    true,
    'free-form messages outside the customer service window fail with 131047',
  ),
  webhookUrl: text(
    'SIMULATOR_WEBHOOK_URL',
    '',
    'where webhooks are posted; empty: they are thrown away',
    /^(https?:\/\/.+)?$/,
  ),
  appSecret: text(
    'META_APP_SECRET',
    'simulator-app-secret',
    'secret that signs webhooks; of a comma-separated list the first',
  ),
  webhookVersion: text(
    'SIMULATOR_WEBHOOK_VERSION',
    'v25.0',
    'webhook version; up to v23.0 statuses carry `conversation`',
    /^v\d+\.\d+$/,
  ),
  pricingEra: text(
    'SIMULATOR_PRICING_ERA',
    'auto',
    '`pmp1` (in-window messages free), `pmp2` (charged, from 2026-10-01) or `auto` (by date)',
    /^(auto|pmp1|pmp2)$/,
  ),
  timezone: timezone('SIMULATOR_TIMEZONE', 'UTC', 'time zone of the accounts: days and months of `pricing_analytics`'),
  sentDelayMs: integer('SIMULATOR_SENT_DELAY_MS', 30, 'ms from accepting a message to its `sent`'),
  deliveredDelayMs: integer('SIMULATOR_DELIVERED_DELAY_MS', 60, 'ms from accepting a message to its `delivered`'),
  readDelayMs: integer('SIMULATOR_READ_DELAY_MS', 120, 'ms from accepting a message to its `read`'),
  batchSize: integer('SIMULATOR_BATCH_SIZE', 20, 'most statuses or messages in one webhook delivery', 1),
  parallelDeliveries: integer('SIMULATOR_PARALLEL_DELIVERIES', 8, 'webhook deliveries under way at one time', 1),
  redeliverEveryMs: integer(
    'SIMULATOR_REDELIVER_EVERY_MS',
    1000,
    'first wait before a delivery that was not answered 200 is repeated; later waits up to twice that',
    1,
  ),
  redeliverForMs: integer(
    'SIMULATOR_REDELIVER_FOR_MS',
    600_000,
    'how long such a delivery is repeated before it is given up',
  ),
} satisfies Record<string, Setting<unknown>>;

/** What is fixed for the life of the process. */
export const PROCESS_SETTINGS = {
  host: text('HOST', '127.0.0.1', 'address to listen on'),
  port: integer('PORT', 0, 'port to listen on; 0: a free one, named in the first line of output', 0, 65_535),
  logFile: text(
    'SIMULATOR_LOG_FILE',
    '',
    'file that the request log is appended to, one JSON object a line; empty: none',
  ),
  logMemory: integer('SIMULATOR_LOG_MEMORY', 100_000, 'requests that the log keeps in memory, the newest ones', 1),
  flushMs: integer(
    'SIMULATOR_FLUSH_MS',
    10,
    'ms between two looks at which statuses are due; what is due together travels together',
    1,
  ),
} satisfies Record<string, Setting<unknown>>;

type ValuesOf<Table> = { [Key in keyof Table]: Table[Key] extends Setting<infer T> ? T : never };

export type Settings = ValuesOf<typeof SETTINGS>;
export type ProcessSettings = ValuesOf<typeof PROCESS_SETTINGS>;
export type Environment = Record<string, string | undefined>;

/** Both kinds of settings from the environment; throws one Error with a line for every wrong value. */
export function readEnvironment(environment: Environment): { settings: Settings; process: ProcessSettings } {
  const problems: string[] = [];
  const settings = readTable(SETTINGS, environment, problems);
  const process = readTable(PROCESS_SETTINGS, environment, problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { settings, process };
}

/** The settings with `changes` (as the control API takes them) applied; throws an Error naming every wrong key or value. */
export function changeSettings(settings: Settings, changes: Record<string, unknown>): Settings {
  const problems: string[] = [];
  const changed: Record<string, unknown> = { ...settings };
  for (const [key, raw] of Object.entries(changes)) {
    const setting = Object.hasOwn(SETTINGS, key) ? (SETTINGS as Record<string, Setting<unknown>>)[key] : undefined;
    if (setting === undefined) problems.push(`${key}: no such setting`);
    else changed[key] = readOne(setting, raw, key, problems);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return changed as Settings;
}

function readTable<Table extends Record<string, Setting<unknown>>>(
  table: Table,
  environment: Environment,
  problems: string[],
): ValuesOf<Table> {
  const values = Object.entries(table).map(([key, setting]) => {
    const raw = environment[setting.env];
    return [key, raw === undefined || raw === '' ? setting.fallback : readOne(setting, raw, setting.env, problems)];
  });
  return Object.fromEntries(values) as ValuesOf<Table>;
}

function readOne(setting: Setting<unknown>, raw: unknown, name: string, problems: string[]): unknown {
  try {
    return setting.read(raw);
  } catch (error) {
    problems.push(`${name}: ${(error as Error).message}`);
    return setting.fallback;
  }
}
