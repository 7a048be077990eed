import { defineConfig } from 'vitest/config';

const outside = ['**/node_modules/**', '**/dist/**', '**/build/**', '**/.data/**', '**/.tmp/**'];

/** What is waited for comes sooner than this on any machine that can run Meridian. */
const waiting = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...outside, '**/*.e2e.test.ts', '**/*.long.test.ts'],
          maxWorkers: 2,
          expect: waiting,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Single services: the CMS on real databases, the scripts.
        test: {
          name: 'services',
          include: ['**/*.e2e.test.ts'],
          exclude: [...outside, 'e2e/**'],
          globalSetup: ['e2e/cms-build.ts'],
          // Each file has data and ports of its own; most of the time they wait for a CMS to start.
          maxWorkers: 2,
          expect: waiting,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The whole running system, seen with a browser.
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          exclude: outside,
          globalSetup: ['e2e/cms-build.ts', 'e2e/system.ts'],
          fileParallelism: false,
          expect: waiting,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // What takes longer than people wait for: npm run test:long.
        test: {
          name: 'long',
          include: ['**/*.long.test.ts'],
          exclude: outside,
          globalSetup: ['e2e/cms-build.ts'],
          fileParallelism: false,
          expect: waiting,
          testTimeout: 3_600_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
