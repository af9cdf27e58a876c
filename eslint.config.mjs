import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.herald/', 'libs/persistence/src/generated/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-properties': [
        'error',
        { property: '$queryRawUnsafe', message: 'Use a tagged template: an unsafe query can be injected into.' },
        { property: '$executeRawUnsafe', message: 'Use a tagged template: an unsafe query can be injected into.' },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    // What reads the environment by trade: the config room, the tests' harness, the programs that a person starts.
    ignores: [
      'libs/config/**/*.ts',
      'libs/testing/**/*.ts',
      'test/**/*.ts',
      'apps/standalone/**/*.ts',
      'apps/*/src/main.ts',
      'apps/cli/**/*.ts',
      'apps/graph-simulator/**/*.ts',
      '**/*-spec.ts',
      '**/*.spec.ts',
      'prisma.config.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Configuration comes from #config (libs/config/src/environment.ts).',
        },
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        WebAssembly: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setImmediate: 'readonly',
        AbortSignal: 'readonly',
        structuredClone: 'readonly',
        globalThis: 'readonly',
      },
    },
  },
);
