export {
  allQueueNames,
  type ApplyNotificationsJob,
  batchIds,
  type DeliverMessagesJob,
  JOB_NAMES,
  type JobName,
  type JobOf,
  MAX_JOB_MESSAGES,
  PRIORITIES,
  priorityOf,
  type QueueName,
  type QueuePriority,
  sendQueueName,
  type SendQueueName,
  sendQueueNames,
  type WakeEntry,
} from './job-catalog.js';
export { InvalidJobError } from './job-payload.js';
export { keyPrefix, QueueBackend } from './queue-backend.js';
export { QueueDepth } from './queue-depth.js';
export { QueueEpoch } from './queue-epoch.js';
export { type JobHandler, QueueWorker } from './queue-worker.js';
export { QueueWorkers } from './queue-workers.js';
export { Queues } from './queues.js';
export { QueuesModule } from './queues.module.js';
export { EvictingRedisError, RedisModeError } from './redis-check.js';
export type { RedisClient } from './redis-client.js';
export { WakeService } from './wake.service.js';
