import { createInterface } from 'node:readline';

/** Our own notifications carry ids too; these are out of the range that the Prisma CLI counts in. */
const FIRST_NOTIFICATION_ID = 1_000_000;

/** Code of an error that the engine reports on purpose, as the native engine has it. */
const ENGINE_ERROR = 4466;

/** Methods that the Prisma CLI and the WebAssembly engine name differently. */
const RENAMED = { getDatabaseVersion: 'version' };

/**
 * Answers JSON-RPC requests, one a line, in order, until `input` ends. `getEngine` runs inside a request, because an
 * engine that cannot connect must say so in an answer: if it just exits, `migrate diff` ends with 0 and no output.
 */
export async function serveRequests(getEngine, input, output) {
  let notificationId = FIRST_NOTIFICATION_ID;
  const send = (message) => output.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
  for await (const line of createInterface({ input })) {
    const { id, method, params } = JSON.parse(line);
    if (!method) continue; // the acknowledgement of a print
    try {
      const result = await callEngine(await getEngine(), RENAMED[method] ?? method, params);
      // The native engine prints what `diff` has to say while it runs; here it comes with the result.
      if (result?.stdout) send({ id: notificationId++, method: 'print', params: { content: result.stdout } });
      send({ id, result: result ?? null });
    } catch (error) {
      send({ id, error: toRpcError(error) });
    }
  }
}

async function callEngine(engine, method, params) {
  if (typeof engine[method] !== 'function') throw new Error(`The schema engine has no method "${method}"`);
  return engine[method](params ?? {});
}

function toRpcError({ message, code }) {
  return { code: ENGINE_ERROR, message, data: { is_panic: false, message, meta: null, error_code: code } };
}
