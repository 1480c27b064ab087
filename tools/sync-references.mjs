// @ts-check
// Writes the references of every package's tsconfig.json from its package.json, and the root's from the packages.
import { readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWorkspace } from './structure/workspace.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packages } = readWorkspace(root);
const folderOf = new Map(packages.map(({ name, folder }) => [name, folder]));

for (const { folder, dependencies } of packages) {
  const folders = dependencies.flatMap((name) => folderOf.get(name) ?? []);
  writeReferences(
    `${folder}/tsconfig.json`,
    folders.map((target) => posix.relative(folder, target)),
  );
}
writeReferences(
  'tsconfig.json',
  packages.map(({ folder }) => folder),
);

/** @param {string} path @param {string[]} folders */
function writeReferences(path, folders) {
  const file = `${root}${path}`;
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const references = [...folders].sort().map((folder) => ({ path: folder }));
  if (sorted(config.references) === sorted(references)) return;
  writeFileSync(file, `${JSON.stringify({ ...config, references }, null, 2)}\n`);
  process.stdout.write(`${path}: ${references.length} references\n`);
}

/** @param {{ path: string }[]} references */
function sorted(references = []) {
  return references
    .map(({ path }) => path)
    .sort()
    .join();
}
