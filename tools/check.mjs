// @ts-check
// `npm run check`: everything that can be known without running the product. Steps run beside each other; each prints
// its time, and its findings when it has any.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Longest first, so that the last to end is a short one. */
const steps = [
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--quiet'] },
  { name: 'types', args: ['node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.check.json', '--pretty'] },
  { name: 'unused', args: ['node_modules/knip/bin/knip.js', '--no-config-hints', '--no-progress'] },
  { name: 'boundaries', args: ['node_modules/eslint/bin/eslint.js', '.', ...boundariesCache()] },
  { name: 'format', args: ['node_modules/oxfmt/bin/oxfmt', '--list-different'] },
  { name: 'structure', args: ['tools/check-structure.mjs'] },
];

const startedAtMs = Date.now();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

// Types come from the generated database client too; generating is a no-op when the schema has not changed.
const generated = await runCommand({ args: ['libs/platform/postgres/scripts/generate-prisma.mjs'], directory: root });
if (generated.code !== 0) process.stdout.write(generated.output);

const pending = steps.filter(({ name }) => named.length === 0 || named.includes(name));
/** @type {string[]} */
const failed = generated.code === 0 ? [] : ['generate'];
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));

process.stdout.write(
  failed.length === 0 ? `\nall good in ${since(startedAtMs)}\n` : `\nfailed: ${failed.join(', ')}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work() {
  for (let step = pending.shift(); step !== undefined; step = pending.shift()) {
    const stepStartedAtMs = Date.now();
    const { code, output } = await runCommand({ args: step.args, directory: root });
    if (code !== 0) failed.push(step.name);
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(10)} ${since(stepStartedAtMs)}\n`);
    if (code !== 0) process.stdout.write(`${output.trimEnd()}\n\n`);
  }
}

/**
 * What a file may import depends on itself, on what the packages say of themselves and on the rule: where none of them
 * changed, it is as well as it was.
 */
function boundariesCache() {
  const packages = readdirSync(join(root, 'node_modules/@sluice')).map(
    (name) => `node_modules/@sluice/${name}/package.json`,
  );
  const hash = createHash('sha256');
  for (const file of [...packages, 'package-lock.json']) hash.update(readFileSync(join(root, file)));
  const place = `node_modules/.cache/check/boundaries-${hash.digest('hex').slice(0, 16)}`;
  return ['--cache', '--cache-strategy', 'content', '--cache-location', place];
}

/** @param {number} momentMs */
function since(momentMs) {
  return `${((Date.now() - momentMs) / 1000).toFixed(1)} s`;
}
