import { existsSync, writeFileSync } from 'node:fs';
import { fingerprint, readStamp } from './fingerprint.mjs';
import { inRoot } from './paths.mjs';
import { progress, runTool } from './run.mjs';

const CLIENT = 'libs/persistence/src/generated/prisma/client.ts';
const STAMP = 'libs/persistence/src/generated/sources.sha256';

/** What the client is generated from: the schema, the generator, and the compiler options that it goes by. */
const sourcesOfClient = () =>
  fingerprint(['prisma/schema.prisma', 'prisma.config.ts', 'tsconfig.json', 'node_modules/prisma/package.json']);

/** Whether the Prisma client fits schema.prisma. */
export function isGenerated() {
  return existsSync(inRoot(CLIENT)) && readStamp(STAMP) === sourcesOfClient();
}

/** Generates the Prisma client. */
export function generate() {
  progress('generating the database client (prisma generate)');
  const sources = sourcesOfClient();
  runTool('prisma', ['generate', '--no-hints']);
  writeFileSync(inRoot(STAMP), sources);
}
