import { defineConfig } from 'vitest/config';

// The same as for the tests: never 'import' or 'default' here.
const conditions = ['@sluice/source', 'node'];

/** `npm run fuzz`: the properties that `npm test` tries a hundred times, for as long as `tools/fuzz/many-runs.mjs` says. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['libs/**/*.{fuzz,property}.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: 'tools/fuzz/many-runs.mjs',
    pool: 'threads',
    testTimeout: 600_000,
  },
});
