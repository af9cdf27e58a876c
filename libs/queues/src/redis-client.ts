import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Environment } from '#config';
import { CLUSTER_REDIRECTIONS } from './queue-settings.js';

/** A connection to one Redis, or to all nodes of a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/**
 * Connects to what REDIS_URL names; undefined when it names nothing. On a cluster the settings are those of each node, and
 * user, password and TLS of the first address hold for nodes that are found later, too.
 */
export function connectRedis(
  { REDIS_URL: addresses, REDIS_CLUSTER: isCluster }: Pick<Environment, 'REDIS_URL' | 'REDIS_CLUSTER'>,
  settings: RedisOptions,
): RedisClient | undefined {
  const [first, ...others] = addresses ?? [];
  if (first === undefined) return undefined;
  if (!isCluster) return new Redis(first, settings);
  const { retryStrategy, enableOfflineQueue, ...ofNode } = settings;
  return new Cluster([first, ...others].map(hostOf), {
    clusterRetryStrategy: retryStrategy as (tries: number) => number,
    enableOfflineQueue,
    maxRedirections: CLUSTER_REDIRECTIONS,
    redisOptions: { ...ofNode, ...accessOf(first) },
    // Names stay names: certificates of rediss:// are for them.
    dnsLookup: (name, found) => found(null, name),
  });
}

/** The nodes that a client talks to: itself, or those of its cluster that it knows. */
export const nodesOf = (client: RedisClient): Redis[] => (client instanceof Cluster ? client.nodes() : [client]);

function hostOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
}

function accessOf(address: string): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  const { protocol, username, password } = new URL(address);
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
}
