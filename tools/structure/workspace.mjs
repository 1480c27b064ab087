// @ts-check
// The repository as a value: every text file of ours, and the packages among them. Rules and tests work on this, never
// on the disk.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/**
 * @typedef {{ path: string, text: string }} SourceFile path is relative to the root, with forward slashes
 * @typedef {{
 *   name: string, folder: string, tags: string[], dependencies: string[], devDependencies: string[],
 *   references: string[],
 * }} Package references are folders relative to the root
 * @typedef {{ files: SourceFile[], packages: Package[] }} Workspace
 * @typedef {(workspace: Workspace) => string[]} Rule answers one line for each violation, the mend included
 */

const skippedFolders = new Set(['node_modules', 'dist', 'generated', 'coverage', '.git', '.nx', '.sluice', 'peers']);
const read = /\.(ts|tsx|mjs|json|sql|lua)$/;
const roots = ['apps', 'libs', 'deploy', 'tools', 'prisma'];

/** @param {string} root @returns {Workspace} */
export function readWorkspace(root) {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const path of ['tsconfig.json', ...roots.flatMap((folder) => listFiles(root, folder))]) {
    texts[path] = readFileSync(join(root, path), 'utf8');
  }
  return workspaceOf(texts);
}

/** @param {Record<string, string>} texts path → text @returns {Workspace} */
export function workspaceOf(texts) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const packages = files
    .filter(({ path }) => /^(apps|libs|deploy)\/.*package\.json$/.test(path))
    .map(({ path, text }) => packageOf(dirname(path), JSON.parse(text), texts));
  return { files, packages };
}

/** The sources of the product and its tests, without the tools that judge them. @param {Workspace} workspace */
export function sourcesOf({ files }) {
  return files.filter(({ path }) => /^(apps|libs|deploy)\/.*\.(ts|tsx)$/.test(path) && !path.endsWith('.d.ts'));
}

/** Tests and what only they use: checked and run from their sources, never built. @param {string} path */
export const isTest = (path) => /\.(test|fixture)\.tsx?$|\/__fixtures__\//.test(path);

/** @param {string} folder @param {any} manifest @param {Record<string, string>} texts @returns {Package} */
function packageOf(folder, manifest, texts) {
  const tsconfig = JSON.parse(texts[`${folder}/tsconfig.json`] ?? '{}');
  return {
    name: manifest.name,
    folder,
    tags: manifest.nx?.tags ?? [],
    dependencies: Object.keys(manifest.dependencies ?? {}),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
    references: (tsconfig.references ?? []).map((/** @type {{ path: string }} */ { path }) => posix.join(folder, path)),
  };
}

/** @param {string} root @param {string} folder @returns {string[]} */
function listFiles(root, folder) {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : listFiles(root, path);
      return read.test(entry.name) ? [path] : [];
    });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}
