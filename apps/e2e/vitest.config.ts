import { fileURLToPath } from 'node:url';
import { defineProject, defineConfig } from 'vitest/config';

// The same as at the root: never 'import' or 'default' here.
const conditions = ['@sluice/source', 'node'];
const sources = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions } } },
};
const TIMED = 'src/**/timing.e2e.test.ts';
const ALL = 'src/**/*.e2e.test.ts';

/** What measures time goes first, alone; then everything at once. Most of the time is spent waiting. */
export default defineConfig({
  ...sources,
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    globalSetup: 'src/harness/global-setup.ts',
    projects: [
      project({ name: 'timed', include: [TIMED], groupOrder: 0 }),
      project({ name: 'all else', include: [ALL], exclude: [TIMED], groupOrder: 1 }),
    ],
  },
});

function project({ groupOrder, ...test }: { name: string; include: string[]; exclude?: string[]; groupOrder: number }) {
  return defineProject({
    ...sources,
    test: {
      ...test,
      pool: 'threads',
      maxWorkers: 4,
      sequence: { concurrent: true, groupOrder },
      maxConcurrency: 12,
      testTimeout: 30_000,
      expect: { poll: { timeout: 15_000 } },
      hookTimeout: 90_000,
    },
  });
}
