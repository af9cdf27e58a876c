/**
 * Six projects, by what a test needs: unit (nothing), int (Postgres, Redis where the code touches it), e2e (one app through
 * `inject`), journey (every process and the simulator), faults (the same, and something breaks: `scripts/test-faults.mjs`), guard
 * (a short bench, by itself). `scripts/test.mjs` starts the servers and runs them.
 */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  moduleNameMapper: {
    '^#(.*)$': '<rootDir>/libs/$1/src/index.ts',
    // Packages have modules called x.json.js beside their x.json.
    '^(\\.{1,2}/.*(?<!\\.json))\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2024',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.herald/'],
};

export default {
  // What waits for a process or a server says how long itself; the rest may be slow on a busy machine, and is not wrong for it.
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,scripts,bench}/**/*.spec.{ts,mjs}'] },
    { ...common, displayName: 'int', testMatch: ['<rootDir>/{apps,libs,scripts,bench}/**/*.int-spec.{ts,mjs}'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/apps/**/*.e2e-spec.ts'] },
    { ...common, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.fault-spec.ts'] },
    { ...common, displayName: 'guard', testMatch: ['<rootDir>/bench/guard/*.guard-spec.mjs'] },
    { ...common, displayName: 'journey', testMatch: ['<rootDir>/test/**/*.journey-spec.ts'] },
  ],
};
