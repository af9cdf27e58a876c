import type { Environment } from './environment.js';

/** Values that can be read each by itself, and cannot be used; a line each. */
type Check = (environment: Environment) => string[];

/** What is checked when all values are given that it looks at, and each of them is in order. */
const CHECKS: readonly [names: readonly (keyof Environment)[], check: Check][] = [
  [['DATABASE_URL'], unreadableDatabase],
  [['SEND_LEASE_MS', 'SEND_WRITE_GUARD_MS', 'GRAPH_TIMEOUT_MS'], impossibleTimes],
  [['RETENTION_MONTHS', 'PRESUMED_DROPPED_MS'], shortRetention],
  [['OPT_OUT_KEYWORDS', 'OPT_IN_KEYWORDS'], ambiguousKeywords],
  [['REDIS_URL', 'REDIS_CLUSTER'], impossibleRedis],
  [['MEDIA_S3_ACCESS_KEY_ID', 'MEDIA_S3_SECRET_ACCESS_KEY'], halfOfAKey],
];

/** What is wrong with values that are in order one by one, a line each; checks that look at one of `wrongNames` are left out. */
export function findContradictions(environment: Environment, wrongNames: ReadonlySet<string>): string[] {
  return CHECKS.filter(([names]) => !names.some((name) => wrongNames.has(name))).flatMap(([, check]) =>
    check(environment),
  );
}

/** A URL that the driver cannot read would look like a database that is down. The driver takes spaces, and a user without a host. */
function unreadableDatabase({ DATABASE_URL }: Environment): string[] {
  return URL.canParse(DATABASE_URL.replaceAll(' ', '%20').replace('@/', '@host/'))
    ? []
    : ['DATABASE_URL must be a URL; in user and password, anything but letters and digits is percent-encoded'];
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

/** Words are no secrets: the one that is meant is named. */
function ambiguousKeywords({ OPT_OUT_KEYWORDS, OPT_IN_KEYWORDS }: Environment): string[] {
  const starts = new Set(OPT_IN_KEYWORDS.map((word) => word.toLowerCase()));
  const both = OPT_OUT_KEYWORDS.filter((word) => starts.has(word.toLowerCase()));
  return both.length === 0 ? [] : [`OPT_IN_KEYWORDS must not hold words of OPT_OUT_KEYWORDS: ${both.join(', ')}`];
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

/** With one half alone the S3 client would look for a key by itself, and find another or none. */
function halfOfAKey({ MEDIA_S3_ACCESS_KEY_ID: id, MEDIA_S3_SECRET_ACCESS_KEY: secret }: Environment): string[] {
  if ((id === undefined) === (secret === undefined)) return [];
  return id === undefined
    ? ['MEDIA_S3_ACCESS_KEY_ID is required with MEDIA_S3_SECRET_ACCESS_KEY']
    : ['MEDIA_S3_SECRET_ACCESS_KEY is required with MEDIA_S3_ACCESS_KEY_ID'];
}
