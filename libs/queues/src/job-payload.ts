import { type JobName, type JobPayloads, MAX_JOB_MESSAGES } from './job-catalog.js';

/** A payload that may not travel. The sentence names the fault and never repeats the payload: it may be somebody's data. */
export class InvalidJobError extends Error {
  readonly code = 'invalid_job';

  constructor(name: string, fault: string) {
    super(`${name} job refused: ${fault}`);
    this.name = 'InvalidJobError';
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const FENCE = /^(0|[1-9]\d{0,18})$/;

/**
 * The payload itself, when it holds ids and fences and nothing else.
 * @throws InvalidJobError for any other key or value: nothing but ids may reach a queue
 */
export function checkPayload<N extends JobName>(name: N, payload: unknown): JobPayloads[N] {
  const fault = typeof payload === 'object' && payload !== null ? faultOf(name, payload) : 'it is no object';
  if (fault !== undefined) throw new InvalidJobError(name, fault);
  return payload as JobPayloads[N];
}

function faultOf(name: JobName, payload: object): string | undefined {
  const keys = Object.keys(payload).sort().join(',');
  switch (name) {
    case 'apply-notifications':
    case 'fetch-media':
      return keys === '' ? undefined : 'it carries something';
    case 'deliver-messages':
      return keys === 'fences,messageIds'
        ? faultOfIds(payload as Record<'messageIds' | 'fences', unknown>)
        : 'it must carry messageIds and fences and nothing else';
  }
}

function faultOfIds({ messageIds, fences }: Record<'messageIds' | 'fences', unknown>): string | undefined {
  if (!isStrings(messageIds, UUID)) return 'messageIds must be lower-case UUIDs';
  if (!isStrings(fences, FENCE)) return 'fences must be whole numbers as strings';
  if (messageIds.length < 1 || messageIds.length > MAX_JOB_MESSAGES)
    return `messageIds must number 1 to ${MAX_JOB_MESSAGES}`;
  if (fences.length !== messageIds.length) return 'each message needs one fence';
  if (new Set(messageIds).size !== messageIds.length) return 'a message is named twice';
  return undefined;
}

function isStrings(value: unknown, shape: RegExp): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && shape.test(item));
}
