import type { AddressInfo } from 'node:net';
import { buildServer } from './server.js';
import { readEnvironment } from './settings.js';
import type { Environment } from './settings.js';
import { Simulator } from './simulator.js';

/** A simulator that listens. */
export interface RunningSimulator {
  /** `http://127.0.0.1:4321`, without a slash at the end. */
  url: string;
  port: number;
  simulator: Simulator;
  close: () => Promise<void>;
}

/** Starts a simulator from environment variables; throws an Error with a line for every wrong value. */
export async function startSimulator(environment: Environment): Promise<RunningSimulator> {
  const { settings, process } = readEnvironment(environment);
  const simulator = new Simulator(settings, process);
  const server = buildServer(simulator);
  await server.listen({ host: process.host, port: process.port });
  const { port } = server.server.address() as AddressInfo;
  const close = async () => {
    await server.close();
    await simulator.close();
  };
  return { url: `http://${process.host}:${port}`, port, simulator, close };
}
