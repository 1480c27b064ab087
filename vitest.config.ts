import { defineConfig } from 'vitest/config';

// Never 'import' or 'default' here: vitest hands the list to Node as well, and `require` would then get ES modules.
const conditions = ['@sluice/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // The environment that vitest loads the global set-up in.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ['{apps,libs,tools,deploy}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'apps/e2e/**'],
    globalSetup: 'libs/testing/src/global-setup.ts',
    pool: 'threads',
    testTimeout: 20_000,
    // A machine that does much else holds anything up for a second.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
});
