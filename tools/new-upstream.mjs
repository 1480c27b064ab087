// @ts-check
// `npm run new-upstream -- NAME`: a manifest, an adapter whose chat is to be filled in, its conformance test, a worker,
// a vendor for the simulator, and a line wherever all upstreams stand. Writes all of it or nothing.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planUpstream, whatIsLeft } from './new-upstream/plan-upstream.mjs';
import { runCommand } from './run-command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = '', option, ...rest] = process.argv.slice(2);
const isListed = option === '--list';
if (name === '' || rest.length > 0 || (option !== undefined && !isListed)) {
  process.stderr.write('Usage: npm run new-upstream -- NAME [--list]\n--list only says which files it would write.\n');
  process.exit(2);
}

try {
  const files = planUpstream({
    name,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    exists: (path) => existsSync(join(root, path)),
  });
  if (isListed) {
    process.stdout.write(`${Object.keys(files).join('\n')}\n`);
  } else {
    await write(files);
    process.stdout.write(`${Object.keys(files).join('\n')}\n\n${whatIsLeft(name)}`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** @param {Record<string, string>} files path → text */
async function write(files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  await format(Object.keys(files));
}

/** Where lines break depends on the length of the name. @param {string[]} paths */
async function format(paths) {
  const { code, output } = await runCommand({ args: ['node_modules/oxfmt/bin/oxfmt', ...paths], directory: root });
  if (code !== 0) throw new Error(`The files are written, but could not be formatted:\n${output}`);
}
