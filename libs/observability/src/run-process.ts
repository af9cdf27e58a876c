import { EnvironmentError } from '#config';
import { describeError } from './domain/describe-error.js';
import type { Logger } from './logger.js';

/** One thing to do before a process ends; the next one waits for it. */
export type StopStep = readonly [name: string, stop: () => unknown];

export interface RunOptions {
  /** In the order of the delivery protocol §12: readiness first, the database last. */
  steps: readonly StopStep[];
  /** After this long the process ends whatever still runs, ms. */
  deadlineMs: number;
  logger: Logger;
  /** The process; a test gives its own. */
  host?: ProcessHost;
}

/** The part of `process` that is needed to end it. */
export interface ProcessHost {
  on(
    event: 'SIGTERM' | 'SIGINT' | 'uncaughtException' | 'unhandledRejection',
    listener: (cause: unknown) => void,
  ): unknown;
  exit(code: number): unknown;
}

/**
 * Lets the process run until SIGTERM or SIGINT, then does the steps one after the other and ends it: 0 when all went well,
 * 1 when a step failed or the deadline passed. A step that fails does not keep the next ones from running. Further signals
 * change nothing: a terminal and npm each send their own. An error that nobody caught is logged and ends the process with 1,
 * like the kill that everything here is made to survive.
 */
export function runUntilSignal({ steps, deadlineMs, logger, host = process }: RunOptions): void {
  let isStopping = false;
  let current = '';
  const stop = async (signal: unknown) => {
    if (isStopping) return;
    isStopping = true;
    const started = performance.now();
    logger.info('process.stopping', { signal: String(signal) });
    setTimeout(() => {
      logger.error('process.killed', { reason: 'stopping took too long', step: current, durationMs: deadlineMs });
      host.exit(1);
    }, deadlineMs).unref();
    const failed = await runSteps(steps, logger, (step) => (current = step));
    logger.info('process.stopped', { durationMs: Math.round(performance.now() - started), count: failed });
    host.exit(failed === 0 ? 0 : 1);
  };
  host.on('SIGTERM', (signal) => void stop(signal));
  host.on('SIGINT', (signal) => void stop(signal));
  const crash = (error: unknown) => {
    logger.error('process.crashed', {}, error);
    host.exit(1);
  };
  host.on('uncaughtException', crash);
  host.on('unhandledRejection', crash);
}

/** @returns how many steps failed */
async function runSteps(steps: readonly StopStep[], logger: Logger, onStep: (name: string) => void): Promise<number> {
  let failed = 0;
  for (const [step, run] of steps) {
    onStep(step);
    try {
      await run();
    } catch (error) {
      failed += 1;
      logger.error('process.step_failed', { step }, error);
    }
  }
  return failed;
}

/** Why a process did not start, for a person: one line a wrong value of the environment, else one line. */
export function reasonNotToStart(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  const { code, port, syscall, message }: { code?: unknown; port?: unknown; syscall?: unknown; message?: unknown } =
    error instanceof Error ? error : {};
  if (code === 'EADDRINUSE') return `PORT ${String(port)} is taken; PORT=0 takes a free one`;
  if (code === 'EACCES' && syscall === 'listen') return `PORT ${String(port)} may not be used by this user`;
  if (code === 'EADDRNOTAVAIL' && syscall === 'listen') return 'HOST is no address of this machine';
  if (code === 'evicting_redis' || code === 'redis_mode') return String(message);
  const { name, sentence } = describeError(error);
  return `Herald could not start: ${name}: ${sentence}`;
}
