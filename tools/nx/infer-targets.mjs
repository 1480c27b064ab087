// @ts-check
// Gives every workspace package its Nx targets from the files it has, so that no package carries target boilerplate:
// a tsconfig.json makes `build`, and `test` beside it. The classic `tsc` on the path is version 6, kept for tools that
// need its API; the build is TypeScript 7.
import { dirname } from 'node:path';

const compiler = 'node node_modules/typescript-7/bin/tsc -b';

/** @type {import('nx/src/project-graph/plugins').CreateNodesV2} */
export const createNodesV2 = [
  '{apps,libs,deploy}/**/tsconfig.json',
  (files) => files.map((file) => [file, { projects: { [dirname(file)]: { targets: targetsOf(dirname(file)) } } }]),
];

/** @param {string} root */
function targetsOf(root) {
  return {
    build: { command: `${compiler} ${root}` },
    test: { command: `node node_modules/vitest/vitest.mjs run --passWithNoTests ${root}` },
  };
}
