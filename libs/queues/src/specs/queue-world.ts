import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule, type Environment, readEnvironment } from '#config';
import { HealthService, ObservabilityModule } from '#observability';
import { QueueDepth, QueueEpoch, QueuesModule, Queues, QueueWorkers, WakeService } from '../index.js';

@Module({})
class Root {}

/** The queues of one process, as an app makes them, on the backend that the two addresses choose. */
export async function openQueues(addresses: {
  databaseUrl?: string;
  redisUrl?: string;
  redisCluster?: 'true';
  shards?: number;
}) {
  const environment = environmentOf(addresses);
  const imports = [ConfigModule.with(environment), ObservabilityModule, QueuesModule.with(environment)];
  const app = await NestFactory.createApplicationContext(
    { module: Root, imports },
    { logger: false, abortOnError: false },
  );
  return {
    wakeService: app.get(WakeService),
    depth: app.get(QueueDepth),
    epoch: app.get(QueueEpoch),
    workers: app.get(QueueWorkers),
    queues: app.get(Queues),
    health: app.get(HealthService),
    close: async () => {
      await app.get(Queues).close();
      await app.close();
    },
  };
}

function environmentOf({ databaseUrl, redisUrl, redisCluster, shards }: Parameters<typeof openQueues>[0]): Environment {
  return readEnvironment({
    DATABASE_URL: databaseUrl ?? 'postgresql://nobody@127.0.0.1:1/none',
    REDIS_URL: redisUrl,
    REDIS_CLUSTER: redisCluster,
    QUEUE_SHARDS: shards === undefined ? undefined : String(shards),
    META_APP_SECRET: 'a-secret-of-a-test',
    META_VERIFY_TOKEN: 'a-token-of-a-test',
    HERALD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
    LOG_LEVEL: 'silent',
  });
}
