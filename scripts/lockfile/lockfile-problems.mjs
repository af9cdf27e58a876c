const EXACT_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
/** What Herald's image and CI run on, with Linux. */
const OUR_CPUS = ['x64', 'arm64'];
const REGISTRY = 'https://registry.npmjs.org/';

/**
 * What is wrong with a package.json and its package-lock.json, a sentence each: a version that is not exact, a package
 * that does not come from the registry or has no sha512 of its contents, an install script that nobody decided on.
 */
export function lockfileProblems(manifest, lockfile) {
  const packages = Object.entries(lockfile.packages).filter(([path, { link }]) => path !== '' && !link);
  return [
    ...inexactVersions(manifest),
    ...packages.flatMap(([path, entry]) => originProblems(path, entry)),
    ...packages.flatMap(([path, entry]) => installScriptProblems(path, entry, manifest.allowScripts ?? {})),
  ];
}

function inexactVersions({ dependencies = {}, devDependencies = {} }) {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !EXACT_VERSION.test(version))
    .map(([name, version]) => `package.json: ${name} is "${version}", which is not one exact version`);
}

function originProblems(path, entry) {
  const { resolved, integrity, inBundle } = entry;
  if (inBundle) return []; // comes inside another package, and is covered by that one's checksum
  const problems = [];
  if (resolved !== undefined && !resolved.startsWith(REGISTRY)) problems.push(`${path} comes from ${resolved}`);
  const mayBeUnknown = integrity === undefined && isForAnotherPlatform(entry);
  if (!mayBeUnknown && !/^sha512-/.test(integrity ?? '')) problems.push(`${path} has no sha512 checksum`);
  return problems;
}

/**
 * Binaries for a platform that neither CI nor the image runs on. A registry mirror may not have them, and then npm leaves
 * them out of the lockfile; but `npm ci` refuses a lockfile without them, so they stand there by version alone.
 */
function isForAnotherPlatform({ optional, os = [], cpu = [] }) {
  const isOurs = os.includes('linux') && cpu.some((name) => OUR_CPUS.includes(name));
  return optional === true && os.length > 0 && cpu.length > 0 && !isOurs;
}

function installScriptProblems(path, { hasInstallScript }, allowScripts) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const isDecided = Object.hasOwn(allowScripts, name);
  return hasInstallScript && !isDecided ? [`${name} has an install script: allow or refuse it in allowScripts`] : [];
}
