import { freePort, spawnProcess } from '#testing';

/** The simulator without limits, so that what is measured is Herald; statuses come as soon as it can, up to 64 deliveries at a time. `PORT` of the webhooks is taken beforehand. */
export async function startSimulator() {
  const webhooksPort = String(await freePort());
  const simulator = await spawnProcess(
    'graph-simulator',
    {
      META_APP_SECRET: 'bench-app-secret',
      SIMULATOR_ENFORCE_WINDOW: 'false',
      SIMULATOR_THROUGHPUT_PER_SECOND: '0',
      SIMULATOR_LOG_MEMORY: '1000000',
      SIMULATOR_PARALLEL_DELIVERIES: '64',
      SIMULATOR_WEBHOOK_URL: `http://127.0.0.1:${webhooksPort}/webhooks/whatsapp`,
    },
    { readyPath: '/health/live' },
  );
  const control = async (method, path, body) => {
    const answer = await fetch(`${simulator.url}/_simulator${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return { ...simulator, webhooksPort, control };
}
