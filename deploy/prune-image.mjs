// For the image's build alone: takes away what no process in the image needs, so that npm installs for the rest.
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const WITHOUT = ['apps/bench', 'apps/chaos', 'apps/e2e'];

if (!process.argv.includes('--here') && basename(root) !== 'app') {
  process.stderr.write('This deletes sources. It is meant for the image; --here makes it do so in this checkout.\n');
  process.exit(1);
}

for (const folder of WITHOUT) rmSync(join(root, folder), { recursive: true, force: true });
for (const top of ['apps', 'libs']) prune(join(root, top));

function prune(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const isSource = entry.isDirectory() && (entry.name === 'src' || entry.name === 'node_modules');
    const isBundle = entry.isDirectory() && entry.name === 'bundle' && basename(folder) === 'dist';
    const isTest = entry.isFile() && /\.(?:test|fixture)\.(?:js|d\.ts|js\.map)$/.test(entry.name);
    if (isSource || isBundle || isTest || entry.name === '.tsbuildinfo') rmSync(path, { recursive: true });
    else if (entry.isDirectory()) prune(path);
  }
}
