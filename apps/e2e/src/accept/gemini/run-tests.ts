import { REPOSITORY } from '../../harness/start-sluice.js';
import { runToEnd } from '../spine/run-to-end.js';

const LIMIT_MS = 600_000;

/** Runs test files as `npm test` does; answers its last line. */
export async function runTests(files: readonly string[]): Promise<string> {
  const printed = await runToEnd({
    command: process.execPath,
    args: ['tools/test.mjs', ...files],
    directory: REPOSITORY,
    limitMs: LIMIT_MS,
  });
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  if (!/^[1-9]\d* passed, 0 failed$/.test(last)) throw new Error(last);
  return last;
}
