// @ts-check
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const generated = [
  '**/node_modules/**',
  '**/dist/**',
  '**/build/**',
  '**/.astro/**',
  '**/.strapi/**',
  '**/.cache/**',
  '**/.data/**',
  '**/.tmp/**',
  'cms/types/generated/**',
  'shared-types/src/generated/**',
  '**/*.astro',
];

export default defineConfig(
  { ignores: generated },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // vitest's matchers and fastify's hooks hand out functions that are never detached in practice.
    files: ['**/*.test.ts'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['cms/**'],
    ignores: ['cms/src/admin/**'],
    rules: { '@typescript-eslint/no-require-imports': 'error' },
  },
  {
    files: ['site/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '(^|/)cms/', message: 'site and cms never import each other.' }] },
      ],
    },
  },
  {
    files: ['cms/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '(^|/)site/', message: 'cms and site never import each other.' }] },
      ],
    },
  },
);
