import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleServices, isBundled } from './bundle.mjs';
import { runStep } from './run-step.mjs';
import { withFileLock } from './with-file-lock.mjs';

const SOURCE_FOLDERS = ['apps', 'libs', 'deploy/local', 'prisma'];
const SOURCE_FILE = /\.(?:ts|tsx|mts|json|prisma|html|css)$/;
const OUTPUT_FOLDERS = new Set(['dist', 'generated']);
const SKIPPED_FOLDERS = new Set(['node_modules', 'coverage']);

/** Builds when a source changed since the last build that succeeded. A walk over file times: about 30 ms. */
export async function ensureBuilt(root) {
  if (isBuilt(root)) return;
  await withFileLock(join(prepareOutput(root), '.prepare.lock'), async () => {
    if (isBuilt(root)) return;
    process.stdout.write('Building (sources changed) …\n');
    await build(root);
  });
}

async function build(root) {
  const { sources } = describeTree(root);
  const node = { command: process.execPath, directory: root };
  const prismaScript = 'libs/platform/postgres/scripts/generate-prisma.mjs';
  if (existsSync(join(root, prismaScript))) {
    await runStep({ ...node, name: 'Generating the Prisma client', args: [prismaScript] });
  }
  await runStep({ ...node, name: 'The build', args: ['node_modules/typescript-7/bin/tsc', '-b', 'tsconfig.json'] });
  await bundleServices(root);
  // Sources as they were before, so that an edit during the build is built next time.
  writeFileSync(stampFile(root), `${sources} ${describeTree(root).outputs}`);
}

function isBuilt(root) {
  if (!existsSync(join(root, 'deploy/local/dist/main.js')) || !existsSync(stampFile(root))) return false;
  if (!isBundled(root)) return false;
  const { sources, outputs } = describeTree(root);
  return readFileSync(stampFile(root), 'utf8') === `${sources} ${outputs}`;
}

/** Of the outputs only which folders there are: one that was removed must be built again though no source changed. */
function describeTree(root) {
  const sources = createHash('sha256');
  const outputs = createHash('sha256');
  for (const file of ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json']) addFile(sources, join(root, file));
  const pending = SOURCE_FOLDERS.map((folder) => join(root, folder)).filter((folder) => existsSync(folder));
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && OUTPUT_FOLDERS.has(entry.name)) outputs.update(`${path}\n`);
      else if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) pending.push(path);
      else if (entry.isFile() && SOURCE_FILE.test(entry.name)) addFile(sources, path);
    }
  }
  return { sources: sources.digest('hex'), outputs: outputs.digest('hex') };
}

function addFile(hash, path) {
  const { mtimeMs, size } = statSync(path);
  hash.update(`${path}\0${mtimeMs}\0${size}\n`);
}

function stampFile(root) {
  return join(root, 'deploy/local/dist', '.build-stamp');
}

function prepareOutput(root) {
  const folder = join(root, 'deploy/local/dist');
  mkdirSync(folder, { recursive: true });
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  prepareOutput(root);
  await build(root);
}
