import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { describeError } from './domain/describe-error.js';

/**
 * What a log line may carry: ids, counts, times and decisions. A field that is not listed is dropped, so that a token, a
 * message body or a phone number cannot reach the log by being handed over.
 */
const ALLOWED_FIELDS = [
  'attemptNo',
  'backend',
  'batch',
  'code',
  'component',
  'count',
  'decision',
  'durationMs',
  'httpStatus',
  'inboxId',
  'items',
  'jobId',
  'kind',
  'lane',
  'messageId',
  'method',
  'outcome',
  'port',
  'queue',
  'reason',
  'requestId',
  'route',
  'scope',
  'signal',
  'state',
  'status',
  'step',
  'to',
  'tries',
  'wabaId',
] as const;

export type LogFields = Partial<Record<(typeof ALLOWED_FIELDS)[number], string | number | boolean | null>>;

/** One wide line a unit of work: `logger.info('attempt.finished', { messageId, outcome, durationMs })`. */
export class Logger {
  private constructor(private readonly pino: PinoLogger) {}

  /** @param destination where lines go; standard output when not given. */
  static create(level: string, destination?: DestinationStream): Logger {
    const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
    return new Logger(pino(options, destination ?? standardOutput()));
  }

  debug(event: string, fields: LogFields = {}): void {
    this.pino.debug(allowed(fields), event);
  }

  info(event: string, fields: LogFields = {}): void {
    this.pino.info(allowed(fields), event);
  }

  warn(event: string, fields: LogFields = {}, error?: unknown): void {
    this.pino.warn(withError(fields, error), event);
  }

  error(event: string, fields: LogFields = {}, error?: unknown): void {
    this.pino.error(withError(fields, error), event);
  }
}

/** Line by line: what pino keeps back for later it would try to write for ever at the exit, if its reader were gone by then. */
const standardOutput = (): DestinationStream => pino.destination({ dest: 1, sync: true });

function withError(fields: LogFields, error: unknown): Record<string, unknown> {
  return error === undefined ? allowed(fields) : { ...allowed(fields), error: describeError(error) };
}

function allowed(fields: LogFields): Record<string, unknown> {
  const known = ALLOWED_FIELDS as readonly string[];
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => known.includes(name) && typeof value !== 'object'),
  );
}
