import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';
import { runTests } from './run-tests.js';

const PAGE = 'docs/adding-an-upstream.md';
const NAME = 'moon-shine';

export function newUpstreamChecks(): Check[] {
  return [
    {
      title:
        'a generated upstream compiles, keeps the rules, and passes the conformance suite once its chat is filled in',
      prove: () => runTests(['tools/new-upstream']),
    },
    { title: `${PAGE} names every file that adding one touches`, prove: proveNamed },
  ];
}

/** As the tool itself tells what it would write. */
async function proveNamed(): Promise<string> {
  const printed = await runToEnd({
    command: process.execPath,
    args: ['tools/new-upstream.mjs', NAME, '--list'],
    directory: REPOSITORY,
    limitMs: 10_000,
  });
  const page = await readFile(join(REPOSITORY, PAGE), 'utf8');
  const files = printed.trim().split('\n');
  const missing = files.map((file) => file.replaceAll(NAME, '<name>')).filter((file) => !page.includes(file));
  assert.deepEqual(missing, []);
  return `${files.length} files`;
}
