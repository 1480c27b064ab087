import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { REPOSITORY } from '../../harness/start-sluice.js';
import { unique } from '../../harness/unique.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';
import { BAD_INPUTS, type BadInput } from './bad-inputs.js';
import { openaiErrorOf } from './openai-error.js';
import { proveRefusedByUpstream } from './refused-upstream.js';
import type { Stored } from './stored.js';

const TEST_LIMIT_MS = 60_000;

/** Files that were taken in before the refusal are gone a moment later. */
export function badInputChecks(client: SluiceClient, stored: Stored): Check[] {
  return [
    ...BAD_INPUTS.map((input) => ({
      title: `${input.title}: ${input.status}, nothing stored, nothing charged`,
      prove: () => proveRefused(input, { client, stored }),
    })),
    {
      title: 'a picture whose URL redirects to a private address: no hop leads there (tests of the guarded fetch)',
      prove: proveRedirects,
    },
    {
      title: 'what the upstream itself refuses ends as failed, and all of its reservation goes back',
      prove: () => proveRefusedByUpstream(client, stored, unique('refused')),
    },
  ];
}

/** No public server that leads astray can be had here: the hops are the test's own. */
async function proveRedirects(): Promise<string> {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    'libs/platform/http/src/fetch-public.test.ts',
    '-t',
    'redirect',
  ];
  const printed = await runToEnd({ command: process.execPath, args, directory: REPOSITORY, limitMs: TEST_LIMIT_MS });
  const passed = /Tests .*?(\d+) passed/.exec(stripVTControlCharacters(printed))?.[1];
  assert.ok(Number(passed) >= 2, printed);
  return `${passed} passed`;
}

async function proveRefused(
  { send, status, param }: BadInput,
  { client, stored }: { client: SluiceClient; stored: Stored },
): Promise<string> {
  const before = await stored.counts();
  const answer = await send(client);
  const figures = `${answer.status} ${answer.text.slice(0, 300)}`;
  assert.equal(answer.status, status, figures);
  const error = openaiErrorOf(answer.text);
  if (param !== undefined) assert.equal(error.param, param, figures);
  assert.deepEqual(await stored.counts(), before, `something is left of it: ${figures}`);
  return `${error.type}${error.param === null ? '' : `, ${error.param}`}: ${error.message}`;
}
