// @ts-check
// ESLint does one thing here: it holds the arrows of the architecture. Everything else is oxlint's (.oxlintrc.json).
import nx from '@nx/eslint-plugin';
import parser from '@typescript-eslint/parser';
import { createProjectGraphAsync } from 'nx/src/devkit-exports.js';
import { depConstraints, testDepConstraints } from './tools/boundaries/constraints.mjs';

// The rule reads the graph that Nx cached, and without one finds nothing, in silence. So it is made here, and made anew.
await createProjectGraphAsync({ exitOnError: false });

// The real stores that @sluice/testing starts are reached through the platform, whose own tests use them.
const ignoredCircularDependencies = [['tag:layer:platform', '@sluice/testing']];

/** @param {unknown[]} constraints */
const rules = (constraints) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    { depConstraints: constraints, ignoredCircularDependencies, enforceBuildableLibDependency: false },
  ],
});

export default [
  { ignores: ['**/dist/**', '**/node_modules/**', '**/generated/**', '.nx/**', 'tools/**'] },
  {
    files: ['{apps,libs,deploy}/**/*.{ts,tsx}'],
    languageOptions: { parser },
    // Directives in these files speak to oxlint; ESLint neither obeys nor judges them.
    linterOptions: { reportUnusedDisableDirectives: false, noInlineConfig: true },
    plugins: { '@nx': nx },
    rules: rules(depConstraints),
  },
  {
    files: ['**/*.{test,fixture}.ts', '**/__fixtures__/**/*.ts', 'apps/{bench,chaos,e2e}/**/*.ts'],
    rules: rules(testDepConstraints),
  },
];
