import { startSimulator } from './start.js';

/** Runs the simulator until it is told to stop. A parent that forked it is sent `{port}` and is not outlived. */
async function main(): Promise<void> {
  const running = await startSimulator(process.env);
  console.log(`graph-simulator listening on ${running.url}`);
  process.send?.({ port: running.port });
  const stop = () => void running.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
