import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The same as at the root: never 'import' or 'default' here.
const conditions = ['@sluice/source', 'node'];

/** Everything at once: one Sluice for all files but those that break one. Most of the time is spent waiting. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ['src/**/*.e2e.test.ts'],
    globalSetup: 'src/harness/global-setup.ts',
    pool: 'threads',
    maxWorkers: 4,
    sequence: { concurrent: true },
    maxConcurrency: 12,
    testTimeout: 30_000,
    hookTimeout: 90_000,
  },
});
