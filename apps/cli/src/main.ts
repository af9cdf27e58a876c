import { CommandFactory } from 'nest-commander';
import { CliModule } from './cli.module.js';
import { exitCodeOf, failureOf } from './exit-code.js';

/** Runs the command that the arguments name. Values go to stdout, everything else to stderr. */
await CommandFactory.run(CliModule, { logger: false, abortOnError: false, serviceErrorHandler: end });

function end(error: unknown): void {
  const failure = failureOf(error);
  if (failure !== undefined) process.stderr.write(`${failure}\n`);
  process.exitCode = exitCodeOf(error);
}
