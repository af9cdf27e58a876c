import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { Environment } from './environment.js';

/** The environment cannot be used: `problems` holds one line a wrong value. */
export class EnvironmentError extends Error {
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads and checks the environment. Empty values count as not given.
 * @throws EnvironmentError with one line a wrong value; values themselves are never repeated, they may be secrets (keywords are none).
 */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  const known = Object.keys(new Environment()).concat(REQUIRED_NAMES);
  const given = Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => known.includes(name) && value !== undefined && value !== ''),
  );
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const problems = validateSync(environment).flatMap(describeProblem);
  if (problems.length === 0)
    problems.push(
      ...impossibleTimes(environment),
      ...shortRetention(environment),
      ...ambiguousKeywords(environment),
      ...impossibleRedis(environment),
    );
  if (problems.length > 0) throw new EnvironmentError(problems);
  environment.REDIS_CLUSTER ??= (environment.REDIS_URL?.length ?? 0) > 1;
  if (environment.REDIS_CLUSTER && given['QUEUE_SHARDS'] === undefined) environment.QUEUE_SHARDS = CLUSTER_SHARDS;
  return environment;
}

/** A queue lies on one node of a cluster: so many a priority use all nodes of a usual one (delivery protocol §13). */
const CLUSTER_SHARDS = 8;

/** Fields without a default: `new Environment()` does not show them. */
const REQUIRED_NAMES = [
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_CLUSTER',
  'META_APP_SECRET',
  'META_VERIFY_TOKEN',
  'HERALD_ENCRYPTION_KEYS',
  'HERALD_ADMIN_KEY',
  'MEDIA_S3_BUCKET',
  'MEDIA_S3_ENDPOINT',
  'MEDIA_S3_ACCESS_KEY_ID',
  'MEDIA_S3_SECRET_ACCESS_KEY',
  'RETENTION_MONTHS',
];

function describeProblem({ property, value, constraints }: ValidationError): string[] {
  if (value === undefined) return [`${property} is required`];
  return Object.values(constraints ?? {}).slice(0, 1);
}

/** A lease must outlast the write guard, one whole request and the commit behind it, by a fifth (delivery protocol, preamble). */
function impossibleTimes({ SEND_LEASE_MS, SEND_WRITE_GUARD_MS, GRAPH_TIMEOUT_MS }: Environment): string[] {
  const least = Math.ceil((SEND_WRITE_GUARD_MS + GRAPH_TIMEOUT_MS) * 1.2);
  return SEND_LEASE_MS >= least
    ? []
    : [`SEND_LEASE_MS must be at least ${least}: SEND_WRITE_GUARD_MS + GRAPH_TIMEOUT_MS and a fifth`];
}

const DAY_MS = 86_400_000;

/** Three months have 89 days at least: a message that may still be presumed dropped must not be gone before. */
function shortRetention({ RETENTION_MONTHS, PRESUMED_DROPPED_MS }: Environment): string[] {
  if (RETENTION_MONTHS === undefined || RETENTION_MONTHS * 28 * DAY_MS > PRESUMED_DROPPED_MS) return [];
  return ['RETENTION_MONTHS must be longer than PRESUMED_DROPPED_MS: a month counts as 28 days'];
}

/** Nodes that are found by others are spoken to as the first one is, so the addresses may differ in host and port only. */
function impossibleRedis({ REDIS_URL: addresses, REDIS_CLUSTER: isCluster }: Environment): string[] {
  if (addresses === undefined) return isCluster ? ['REDIS_CLUSTER needs REDIS_URL'] : [];
  if (!addresses.every((address) => URL.canParse(address))) return ['REDIS_URL must hold URLs'];
  if (isCluster === false)
    return addresses.length > 1 ? ['REDIS_URL must be one URL where REDIS_CLUSTER is false'] : [];
  if (addresses.length === 1 && !isCluster) return [];
  const nodes = addresses.map((address) => new URL(address));
  const accesses = new Set(nodes.map(({ protocol, username, password }) => `${protocol}${username}:${password}`));
  if (accesses.size > 1)
    return ['REDIS_URL must have the same scheme, user and password for all nodes: they are one Redis Cluster'];
  return nodes.some(({ pathname }) => !/^\/?0?$/.test(pathname))
    ? ['REDIS_URL must name no database but 0: a Redis Cluster has no other']
    : [];
}

/** Words are no secrets: the one that is meant is named. */
function ambiguousKeywords({ OPT_OUT_KEYWORDS, OPT_IN_KEYWORDS }: Environment): string[] {
  const starts = new Set(OPT_IN_KEYWORDS.map((word) => word.toLowerCase()));
  const both = OPT_OUT_KEYWORDS.filter((word) => starts.has(word.toLowerCase()));
  return both.length === 0 ? [] : [`OPT_IN_KEYWORDS must not hold words of OPT_OUT_KEYWORDS: ${both.join(', ')}`];
}
