/**
 * `npm run test:mutants`: takes the guards of the delivery protocol out one by one, in a copy of the tree, and looks whether the test
 * that stands for each notices. A table, then `N passed, N failed`; exit code 0 only when each test passes whole and fails broken.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startThrowawayPostgres } from '#persistence';
import { MUTATIONS } from './mutants/mutations.mjs';
import { ScratchTree } from './mutants/scratch-tree.mjs';
import { prepareTemplate } from './mutants/template.mjs';

const tree = new ScratchTree(process.cwd());
const postgres = await startThrowawayPostgres();
const results = [];
try {
  await prepareTemplate(tree.folder, postgres.url);
  for (const mutation of MUTATIONS) results.push(await judge(mutation));
} finally {
  await postgres.stop();
  tree.remove();
}
console.table(results.map(({ name, whole, broken, verdict }) => ({ guard: name, whole, broken, verdict })));
const failed = results.filter(({ verdict }) => verdict !== 'noticed').length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** Runs the test of a guard with the guard, and without it. */
async function judge(mutation) {
  const { name } = mutation;
  try {
    const whole = await runTest(mutation.test);
    const broken = await runBroken(mutation);
    const isNoticed = whole.passed > 0 && whole.failed === 0 && broken.failed > 0 && !broken.isUnrunnable;
    return { name, whole: describe(whole), broken: describe(broken), verdict: isNoticed ? 'noticed' : 'NOT NOTICED' };
  } catch (error) {
    console.error(error);
    return { name, whole: '', broken: '', verdict: String(error.message) };
  }
}

async function runBroken(mutation) {
  const changesDatabase = mutation.file.startsWith('prisma/');
  tree.apply(mutation);
  try {
    if (changesDatabase) await prepareTemplate(tree.folder, postgres.url);
    return await runTest(mutation.test);
  } finally {
    tree.restore(mutation);
    if (changesDatabase) await prepareTemplate(tree.folder, postgres.url);
  }
}

/** @returns how many tests passed and failed, and whether the file could not be run at all */
async function runTest({ path, name }) {
  const resultFile = join(tree.folder, 'result.json');
  const jest = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      ...['node_modules/jest/bin/jest.js', '--selectProjects', 'unit', 'int', '--runInBand', '--json'],
      ...[`--outputFile=${resultFile}`, '--testPathPatterns', path, '--testNamePattern', name],
    ],
    { cwd: tree.folder, stdio: 'ignore', env: { ...process.env, TEST_POSTGRES_URL: postgres.url } },
  );
  await once(jest, 'exit');
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(resultFile, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests, isUnrunnable: numRuntimeErrorTestSuites > 0 };
}

function describe({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}
