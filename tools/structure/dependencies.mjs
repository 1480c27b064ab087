// @ts-check
// What a package imports, what its package.json declares and what its tsconfig.json references are one list.
import { isTest, sourcesOf } from './workspace.mjs';

/** @type {import('./workspace.mjs').Rule} */
export function dependencies(workspace) {
  const { packages } = workspace;
  const folderOf = new Map(packages.map(({ name, folder }) => [name, folder]));
  const sources = sourcesOf(workspace);
  return packages.flatMap((own) => {
    const files = sources.filter(({ path }) => path.startsWith(`${own.folder}/`));
    const imported = importsOf(
      files.filter(({ path }) => !isTest(path)),
      folderOf,
    );
    const importedByTests = importsOf(
      files.filter(({ path }) => isTest(path)),
      folderOf,
    );
    const declared = own.dependencies.filter((name) => folderOf.has(name));
    const manifest = `${own.folder}/package.json`;
    const referenced = packages.filter(({ folder }) => own.references.includes(folder)).map(({ name }) => name);
    return [
      ...missing(imported, declared, own.name).map((name) => `${manifest}: add "${name}" to dependencies`),
      ...missing(declared, imported, own.name).map((name) => `${manifest}: nothing imports ${name}; remove it`),
      ...missing(importedByTests, [...declared, ...own.devDependencies], own.name).map(
        (name) => `${manifest}: tests import ${name}; add it to devDependencies`,
      ),
      ...missing(declared, referenced, own.name).map(
        (name) => `${own.folder}/tsconfig.json: add a reference to ${name} (node tools/sync-references.mjs)`,
      ),
      ...missing(referenced, declared, own.name).map(
        (name) => `${own.folder}/tsconfig.json: remove the reference to ${name} (node tools/sync-references.mjs)`,
      ),
    ];
  });
}

/** @param {import('./workspace.mjs').SourceFile[]} files @param {Map<string, string>} known @returns {string[]} */
function importsOf(files, known) {
  const names = files.flatMap(({ text }) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*'(@sluice\/[a-z0-9-]+)/g)].map(([, name]) => name ?? ''),
  );
  return [...new Set(names)].filter((name) => known.has(name));
}

/** @param {string[]} wanted @param {string[]} present @param {string} self */
const missing = (wanted, present, self) => wanted.filter((name) => name !== self && !present.includes(name));
