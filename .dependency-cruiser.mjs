/**
 * Who may import whom. The libs in the order in which a message goes through them: a lib imports only libs to its left, so
 * that reading a lib needs nothing of what comes after it. `npm run deps` fails on anything else.
 */
const LIBS = [
  'config',
  'observability',
  'persistence',
  'queues',
  'access',
  'graph-api',
  'senders',
  'contacts',
  'templates',
  'media',
  'events',
  'conversations',
  'pricing',
  'messages',
  'delivery',
  'intake',
  'campaigns',
  'reports',
];

/** For specs, which may import it from anywhere; it imports whatever it sets up. */
const TEST_LIB = 'testing';

/** Apps that the one-process stack is put together from. */
const EMBEDDED_APPS = ['api', 'webhooks', 'worker'];

const oneOf = (names) => `(${names.join('|')})`;
const TEST_CODE = `(\\.(spec|int-spec|e2e-spec|journey-spec)\\.(ts|mjs)$|^test/|^apps/[^/]+/test/|^libs/${TEST_LIB}/|^libs/[^/]+/src/specs/|^scripts/|^bench/)`;
const TEST_HARNESS = `^(libs/${TEST_LIB}|test|apps/[^/]+/test)/`;

const onlyToTheLeft = LIBS.slice(0, -1).map((lib, index) => ({
  name: `${lib}-imports-only-to-its-left`,
  comment:
    'Data flows one way through the libs; an import against the stream would let a later step change an earlier one.',
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: `^libs/${oneOf(LIBS.slice(index + 1))}/` },
}));

export default {
  forbidden: [
    ...onlyToTheLeft,
    {
      name: 'every-lib-has-a-place',
      comment: 'A lib that is not in the list above has no left and right: say where it belongs.',
      severity: 'error',
      from: { path: `^libs/(?!${oneOf([...LIBS, TEST_LIB])}/)` },
      to: {},
    },
    {
      name: 'libs-through-their-index',
      comment: 'What index.ts does not export is the lib’s own and may change without asking.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'libs-through-their-index-from-apps',
      comment: 'The same for apps, tests and scripts.',
      severity: 'error',
      from: { path: '^(apps|test|scripts|bench)/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'libs-know-no-app',
      comment: 'Apps are edges: whatever two of them need is a lib.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-know-no-other-app',
      comment:
        'Apps scale and fail apart. Only standalone, which is several of them in one process, puts some together.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: ['^apps/standalone/', TEST_CODE] },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'standalone-embeds-the-three-processes',
      comment: 'The simulator stays a process of its own: nothing in Herald knows it.',
      severity: 'error',
      from: { path: '^apps/standalone/', pathNot: TEST_CODE },
      to: { path: '^apps/', pathNot: `^apps/${oneOf(['standalone', ...EMBEDDED_APPS])}/` },
    },
    {
      name: 'testing-is-for-specs',
      comment: 'It starts servers and kills processes; the image does not even have it.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TEST_CODE },
      to: { path: [TEST_HARNESS, '\\.(spec|int-spec|e2e-spec|journey-spec)\\.ts$'] },
    },
    {
      name: 'domain-stands-alone',
      comment: 'Domain code is pure: it gets values, not the services, repositories and modules around it.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/domain/', pathNot: TEST_CODE },
      to: { path: '^libs/$1/', pathNot: '^libs/$1/src/domain/' },
    },
    {
      name: 'domain-takes-only-types-from-the-left',
      comment: 'A type costs nothing; a value of another lib brings its module, and the order of loading, with it.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/domain/', pathNot: TEST_CODE },
      to: { path: '^libs/', pathNot: '^libs/$1/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-does-no-input-or-output',
      comment:
        'No Nest, no Prisma, no network, no files: time and chance come in as arguments. The packages named only reckon.',
      severity: 'error',
      from: { path: '^libs/[^/]+/src/domain/', pathNot: TEST_CODE },
      to: {
        dependencyTypes: ['core', 'npm'],
        pathNot: '(^|node:|node_modules/)(crypto|buffer|util|canonicalize|marked|libphonenumber-js)($|/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-cycles',
      comment: 'With ES modules and decorator metadata a cycle is a class that is not there yet.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'ships-without-dev-dependencies',
      comment:
        'The image is installed with --omit=dev. Embedded Postgres is looked up at run time, where it may be missing.',
      severity: 'error',
      from: { path: '^(apps|libs|prisma\\.config)', pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'An import that leads nowhere fails when the code runs.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/src/generated/', '/fixtures/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
