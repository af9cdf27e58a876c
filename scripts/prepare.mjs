/**
 * Makes a clone ready to run: installs packages, generates the database client and builds, each only when what is there
 * does not fit its sources. Plain Node 20 without packages, because it runs before there are any; its words go to stderr.
 *
 *     node scripts/prepare.mjs          what is missing
 *     node scripts/prepare.mjs --build  the client when it is missing, and a build in any case; never packages
 */
import { build, isBuilt } from './prepare/build.mjs';
import { generate, isGenerated } from './prepare/generate.mjs';
import { install, isInstalled } from './prepare/install.mjs';
import { withLock } from './prepare/lock.mjs';
import { progress } from './prepare/run.mjs';

const buildOnly = process.argv.includes('--build');
const steps = [
  { isDone: () => buildOnly || isInstalled(), run: install },
  { isDone: isGenerated, run: generate },
  { isDone: () => !buildOnly && isBuilt(), run: build },
];

try {
  // Looked at once without the lock: the usual answer is that nothing is to be done. Then again, one after the other.
  if (!steps.every(({ isDone }) => isDone()))
    await withLock(() => steps.forEach((step) => step.isDone() || step.run()));
} catch (error) {
  progress(error.message);
  process.exit(1);
}
