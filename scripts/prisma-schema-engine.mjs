#!/usr/bin/env node
/**
 * The schema engine of the Prisma CLI, without a binary to download: a front of the same engine as WebAssembly.
 * `prisma.config.ts` names this file in PRISMA_SCHEMA_ENGINE_BINARY, and the CLI starts it as it would start the binary:
 *
 *     --version                                     prints the engine's version
 *     --datasource '{"url":"postgresql://…"}'       answers JSON-RPC on stdin and stdout
 *       [--datamodels <schema file>]…
 *       cli can-connect-to-database|create-database exits 0 or 1
 */
import { parseArgs } from 'node:util';
import { createAdapterFactory } from './schema-engine/adapter-factory.mjs';
import { runCliCommand } from './schema-engine/cli-commands.mjs';
import { connectionFromUrl } from './schema-engine/connection.mjs';
import { engineVersion, lazyEngine, loadEngine } from './schema-engine/engine.mjs';
import { reportFatal } from './schema-engine/report.mjs';
import { serveRequests } from './schema-engine/rpc.mjs';

// The CLI parses stderr as JSON lines: a warning of Node or pg (on `sslmode`, say) would hide the real error.
process.removeAllListeners('warning');

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { datasource: { type: 'string' }, datamodels: { type: 'string', multiple: true } },
});

try {
  await main();
  process.exit(0);
} catch (error) {
  reportFatal(error);
  process.exit(1);
}

async function main() {
  await loadEngine();
  if (values.version) return console.log(`schema-engine-cli ${engineVersion()}`);
  const url = values.datasource ? JSON.parse(values.datasource).url : process.env.DATABASE_URL;
  if (positionals[0] === 'cli') return runCliCommand(positionals[1], connectionFromUrl(url));
  const getEngine = lazyEngine(values.datamodels, () => createAdapterFactory(connectionFromUrl(url)));
  return serveRequests(getEngine, process.stdin, process.stdout);
}
