import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { report } from './report.mjs';

/** Version of the WebAssembly engine. Call `loadEngine` first. */
export const engineVersion = () => glue.version();

/**
 * Loads the WebAssembly module. Its own entry point imports the `.wasm` file as an ES module, which Node does only
 * behind a flag; this does the same by hand.
 */
export async function loadEngine() {
  const entry = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm'));
  const bytes = readFileSync(entry.replace(/\.js$/, '_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // The module looks for this global when it panics; without it the reason is lost.
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => report('ERROR', message) };
}

/**
 * Gives the engine for the files of a schema, connected at the first call. Its methods are the Prisma CLI's RPC methods.
 */
export function lazyEngine(schemaPaths, getAdapterFactory) {
  let engine;
  return () => (engine ??= createEngine(schemaPaths, getAdapterFactory()));
}

async function createEngine(schemaPaths, adapterFactory) {
  const datamodels = schemaPaths?.map((path) => [path, readFileSync(path, 'utf8')]);
  const log = (line) => report('INFO', String(line));
  return glue.SchemaEngine.new({ datamodels }, log, bindMigrationAwareSqlAdapterFactory(adapterFactory));
}
