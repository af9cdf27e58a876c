import { setTimeout as sleep } from 'node:timers/promises';
import type { HeraldClient } from './herald-client.js';
import { hasEnded, type Result } from './judge.js';
import type { Sample } from './sample.js';
import type { SimulatorClient } from './simulator-client.js';

const POLL_MS = 200;
const ENDING_TIMEOUT_MS = 40_000;
const IDLE_TIMEOUT_MS = 10_000;

/** Lets the customer of each sample write first: that opens the customer service window. */
export async function openWindows(simulator: SimulatorClient, samples: readonly Sample[]): Promise<void> {
  await Promise.all(samples.map(({ to }) => simulator.inbound(to)));
  await untilIdle(simulator);
}

/** Sends every sample, waits until each has ended as it should or the time is over, and gives what became of them. */
export async function runSamples(
  herald: HeraldClient,
  simulator: SimulatorClient,
  samples: readonly Sample[],
): Promise<Result[]> {
  const sent = await Promise.all(samples.map(async (sample) => ({ sample, id: await herald.send(sample) })));
  for (const endsAt = Date.now() + ENDING_TIMEOUT_MS; Date.now() < endsAt; await sleep(POLL_MS)) {
    const seen = await herald.messages();
    if (sent.every(({ sample, id }) => hasEnded(sample, seen.get(id)))) break;
  }
  // Whatever Meta has still to say could change an ending that looked right.
  await untilIdle(simulator);
  const seen = await herald.messages();
  return Promise.all(sent.map(async ({ sample, id }) => resultOf(herald, sample, seen.get(id), id)));
}

async function resultOf(
  herald: HeraldClient,
  sample: Sample,
  message: Result['message'] | undefined,
  id: string,
): Promise<Result> {
  if (message === undefined) throw new Error(`${sample.name}: Herald has no message ${id}, which it took`);
  return { sample, message, facts: await herald.timeline(id) };
}

async function untilIdle(simulator: SimulatorClient): Promise<void> {
  if (!(await simulator.untilIdle(IDLE_TIMEOUT_MS))) throw new Error('Webhooks are still undelivered after 10 s');
}
