import { reasonNotToStart, runUntilSignal } from '#observability';
import { greet } from './stack/greeting.js';
import { startStack } from './stack/start-stack.js';
import { StartRefusedError } from './stack/start-refused.error.js';
import { StartCalledOffError, Startup } from './stack/startup.js';

/** Hard end of a shutdown (delivery protocol §12), ms. */
const STOP_DEADLINE_MS = 45_000;

const startup = new Startup();
const callOff = () => startup.callOff();
process.on('SIGTERM', callOff).on('SIGINT', callOff);
// A parent that started it with a channel is not outlived.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

try {
  const stack = await startStack(startup, process.env);
  process.off('SIGTERM', callOff).off('SIGINT', callOff);
  runUntilSignal({ steps: startup.stopSteps, deadlineMs: STOP_DEADLINE_MS, logger: stack.logger });
  process.stdout.write(greet(stack));
  process.send?.({ url: stack.url });
} catch (error) {
  await startup.undo();
  if (error instanceof StartCalledOffError) process.exit(0);
  process.stderr.write(`${error instanceof StartRefusedError ? error.message : reasonNotToStart(error)}\n`);
  process.exit(1);
}
