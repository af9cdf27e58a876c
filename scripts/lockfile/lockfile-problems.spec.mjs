import { describe, expect, it } from '@jest/globals';
import { lockfileProblems } from './lockfile-problems.mjs';

const aManifest = (more = {}) => ({ dependencies: { pg: '8.23.1' }, devDependencies: {}, ...more });
const aLockfile = (entry = {}) => ({
  packages: {
    '': { name: 'herald' },
    'node_modules/pg': { resolved: 'https://registry.npmjs.org/pg/-/pg-8.23.1.tgz', integrity: 'sha512-x', ...entry },
  },
});

describe('lockfileProblems', () => {
  it.each([
    ['a plain package', aManifest(), aLockfile()],
    ['a pre-release', aManifest({ dependencies: { x: '18.4.0-beta.17' } }), aLockfile()],
    ['a lockfile without addresses', aManifest(), aLockfile({ resolved: undefined })],
    ['a bundled package', aManifest(), aLockfile({ resolved: undefined, integrity: undefined, inBundle: true })],
    [
      'a binary for a Mac without checksum',
      aManifest(),
      aLockfile({ integrity: undefined, optional: true, os: ['darwin'], cpu: ['arm64'] }),
    ],
    ['an allowed script', aManifest({ allowScripts: { pg: true } }), aLockfile({ hasInstallScript: true })],
    ['a refused script', aManifest({ allowScripts: { pg: false } }), aLockfile({ hasInstallScript: true })],
  ])('has nothing to say of %s', (_, manifest, lockfile) => {
    expect(lockfileProblems(manifest, lockfile)).toEqual([]);
  });

  it.each([
    ['a range', aManifest({ dependencies: { pg: '^8.0.0' } }), aLockfile(), 'not one exact version'],
    ['a tag', aManifest({ devDependencies: { jest: 'latest' } }), aLockfile(), 'not one exact version'],
    ['a git address', aManifest({ dependencies: { pg: 'github:brianc/pg' } }), aLockfile(), 'not one exact version'],
    [
      'another host',
      aManifest(),
      aLockfile({ resolved: 'https://example.com/pg.tgz' }),
      'comes from https://example.com',
    ],
    ['no checksum', aManifest(), aLockfile({ integrity: undefined }), 'no sha512'],
    [
      'no checksum of a binary for Linux',
      aManifest(),
      aLockfile({ integrity: undefined, optional: true, os: ['linux'], cpu: ['x64'] }),
      'no sha512',
    ],
    [
      'no checksum of a package for all platforms',
      aManifest(),
      aLockfile({ integrity: undefined, optional: true }),
      'no sha512',
    ],
    ['a weak checksum', aManifest(), aLockfile({ integrity: 'sha1-x' }), 'no sha512'],
    ['an undecided script', aManifest(), aLockfile({ hasInstallScript: true }), 'pg has an install script'],
  ])('refuses %s', (_, manifest, lockfile, problem) => {
    expect(lockfileProblems(manifest, lockfile)).toEqual([expect.stringContaining(problem)]);
  });
});
