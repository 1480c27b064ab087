import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../run-command.mjs';
import { copyRepository, linkOwn } from './copy-repository.mjs';
import { namesOf } from './names.mjs';
import { fillIn } from './new-files.mjs';

const NAME = 'moon-shine';
const LIBRARY = `libs/upstreams/${NAME}`;
const FIXTURES = fileURLToPath(new URL('__fixtures__', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sluice-new-upstream-'));

beforeAll(async () => {
  copyRepository({ from: fileURLToPath(new URL('../..', import.meta.url)), to: root });
  await run('tools/new-upstream.mjs', NAME);
  linkOwn(root, { folder: LIBRARY, name: `@sluice/upstream-${NAME}` });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a new upstream compiles as it is, and passes the conformance suite once its chat is filled in', async () => {
  // All that it touched; the worker's own types are those of every other.
  await compile();
  await run('node_modules/oxfmt/bin/oxfmt', '--list-different', 'libs/manifests', LIBRARY, `apps/${NAME}-worker`);
  const filled = readFileSync(join(FIXTURES, 'filled-chat.txt'), 'utf8');
  writeFileSync(join(root, LIBRARY, `src/${NAME}.chat.ts`), fillIn(filled, namesOf(NAME)));
  for (const name of ['text.sse', 'text.json'])
    cpSync(join(FIXTURES, name), join(root, LIBRARY, 'src/__fixtures__', name));
  await compile();
  expect(await passed()).toBeGreaterThanOrEqual(40);
  await expect(run('tools/new-upstream.mjs', NAME)).rejects.toThrow(/is there already/);
}, 120_000);

async function run(...args: string[]): Promise<string> {
  const { code, output } = await runCommand({ args, directory: root });
  if (code !== 0) throw new Error(output);
  return output;
}

async function compile(): Promise<void> {
  const include = [`${LIBRARY}/src`, 'libs/manifests/src/upstreams.ts', 'apps/simulator/src/start-simulator.ts'];
  writeFileSync(join(root, 'tsconfig.tried.json'), JSON.stringify({ extends: './tsconfig.check.json', include }));
  await run('node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.tried.json');
}

/** How many of its tests pass. */
async function passed(): Promise<number> {
  const config =
    "export default { resolve: { conditions: ['@sluice/source', 'node'] }, ssr: { resolve: { conditions: ['@sluice/source', 'node'] } } };";
  writeFileSync(join(root, 'vitest.tried.mjs'), config);
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.tried.mjs', '--reporter=json'];
  const { output } = await runCommand({ args: [...args, LIBRARY], directory: root });
  const { numPassedTests, numFailedTests } = JSON.parse(output.slice(output.indexOf('{'))) as Record<string, number>;
  return numFailedTests === 0 ? (numPassedTests ?? 0) : 0;
}
