import { newId } from '#persistence';
/**
 * Every job there is, and the names it goes by.
 *
 * - **hint**: what a job is. It says "look at these rows"; the rows, in Postgres, say what to do. A lost hint costs time only.
 * - **queue**: jobs of one kind that share workers. `send.<priority>.<shard>` deliver messages, `intake` applies notifications,
 *   `media` fetches files of contacts.
 * - **priority**: urgent, standard or bulk. Each has queues of its own, so that bulk never stands before urgent.
 * - **shard**: one of QUEUE_SHARDS queues of a priority. A sender always falls on the same one.
 * - **payload**: what a job carries: ids and fences, never content, numbers or tokens. Checked on the way in and out.
 * - **job id**: `m-<uuid>-<fence>` for a job of one message, so that the same hint twice waits once; else `b-<fresh UUIDv7>`.
 * - **wake**: to put a job into its queue. Only `WakeService` does.
 */

export const PRIORITIES = ['urgent', 'standard', 'bulk'] as const;
export type QueuePriority = (typeof PRIORITIES)[number];

export type SendQueueName = `send.${QueuePriority}.${number}`;
export type QueueName = SendQueueName | 'intake' | 'media';

/** The most messages of one job. */
export const MAX_JOB_MESSAGES = 50;

/** Deliver these messages, all of one lane: `fences[i]` is the fence that `messageIds[i]` had when it was fed. */
export interface DeliverMessagesJob {
  messageIds: string[];
  fences: string[];
}

/** Apply the notifications that wait in the inbox; which ones, the inbox says. */
export type ApplyNotificationsJob = Record<string, never>;

/** Fetch the files of contacts that are due; which ones, their rows say. */
export type FetchMediaJob = Record<string, never>;

/** What each kind of job carries. */
export interface JobPayloads {
  'deliver-messages': DeliverMessagesJob;
  'apply-notifications': ApplyNotificationsJob;
  'fetch-media': FetchMediaJob;
}
export type JobName = keyof JobPayloads;

/** The kinds of job; a worker process needs exactly one handler for each. */
export const JOB_NAMES: readonly JobName[] = ['deliver-messages', 'apply-notifications', 'fetch-media'];

/** The kind of job that a queue holds. */
export type JobNameOf<Q extends QueueName> = Q extends 'intake'
  ? 'apply-notifications'
  : Q extends 'media'
    ? 'fetch-media'
    : 'deliver-messages';

/** What a job of a queue carries. */
export type JobOf<Q extends QueueName> = JobPayloads[JobNameOf<Q>];

/** One job for one queue. */
export type WakeEntry =
  | { queue: SendQueueName; job: DeliverMessagesJob }
  | { queue: 'intake'; job: ApplyNotificationsJob }
  | { queue: 'media'; job: FetchMediaJob };

/** The queue of a sender's messages of one priority. */
export function sendQueueName(priority: QueuePriority, phoneNumberId: string, shards: number): SendQueueName {
  return `send.${priority}.${stableHash(phoneNumberId) % shards}`;
}

/** All send queues of one priority. */
export function sendQueueNames(priority: QueuePriority, shards: number): SendQueueName[] {
  return Array.from({ length: shards }, (_, shard) => `send.${priority}.${shard}` as const);
}

/** All queues. */
export function allQueueNames(shards: number): QueueName[] {
  return [...PRIORITIES.flatMap((priority) => sendQueueNames(priority, shards)), 'intake', 'media'];
}

/** The priority that a send queue is for. */
export function priorityOf(queue: SendQueueName): QueuePriority {
  return PRIORITIES.find((priority) => queue.startsWith(`send.${priority}.`)) ?? 'standard';
}

export function jobNameOf(queue: QueueName): JobName {
  if (queue === 'intake') return 'apply-notifications';
  return queue === 'media' ? 'fetch-media' : 'deliver-messages';
}

/**
 * Cuts messages of one lane into jobs.
 * @param size messages a job, at most MAX_JOB_MESSAGES
 */
export function batchIds(
  messages: readonly { messageId: string; fence: string | bigint }[],
  size: number = MAX_JOB_MESSAGES,
): DeliverMessagesJob[] {
  const step = Math.max(1, Math.min(size, MAX_JOB_MESSAGES));
  return Array.from({ length: Math.ceil(messages.length / step) }, (_, i) => {
    const part = messages.slice(i * step, (i + 1) * step);
    return { messageIds: part.map(({ messageId }) => messageId), fences: part.map(({ fence }) => String(fence)) };
  });
}

/** The id of a job. BullMQ refuses ids that hold `:` or are all digits. */
export function jobIdOf(job: DeliverMessagesJob | ApplyNotificationsJob): string {
  const { messageIds = [], fences = [] }: Partial<DeliverMessagesJob> = job;
  return messageIds.length === 1 ? `m-${messageIds[0]}-${fences[0]}` : `b-${newId()}`;
}

/** FNV-1a, 32 bit: the same in every process and version, because a queue's name depends on it. */
function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
