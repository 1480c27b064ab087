import assert from 'node:assert/strict';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { startSluice } from '../../harness/start-sluice.js';
import { firstChats } from '../../scenarios/first-chats.js';
import type { Check } from '../capability.js';
import { describeCommit, inFreshClone } from './clone.js';
import { runToEnd } from './run-to-end.js';

/** With everything to install and to build. */
const FIRST_START_LIMIT_MS = 600_000;
const TEST_LIMIT_MS = 1_200_000;

export function freshCloneChecks(): Check[] {
  return [
    {
      title: 'a fresh clone in an empty folder: npm start, chats with the SDK, Ctrl-C leaves no process',
      prove: () =>
        inFreshClone({ mode: 0o755 }, async ({ root }) => `${await describeCommit()}; ${await startChatStop(root)}`),
    },
    {
      title: 'the same from a clone in a home directory of mode 0700',
      prove: () =>
        inFreshClone(
          { mode: 0o700 },
          async ({ folder, root }) =>
            `uid ${process.getuid?.() ?? 'unknown'}; ${await startChatStop(root, { HOME: folder })}`,
        ),
    },
    {
      title: 'npm test on another fresh clone, with CI=true, by .ci/run',
      prove: () => inFreshClone({ mode: 0o755 }, ({ root }) => runTests(root)),
    },
  ];
}

async function startChatStop(root: string, environment: Record<string, string> = {}): Promise<string> {
  const sluice = await startSluice({
    root,
    home: join(root, '.sluice'),
    command: ['npm', 'start'],
    environment: { ...environment, LOG_LEVEL: 'warn' },
    readyLimitMs: FIRST_START_LIMIT_MS,
  });
  const chats = await firstChats(sluice.run).catch(async (error: unknown) => {
    await sluice.stop();
    throw error;
  });
  const { tookMs, processes } = await sluice.stop();
  return `ready after ${seconds(sluice.readyAfterMs)}; ${chats}; ${processes} processes gone ${seconds(tookMs)} after Ctrl-C`;
}

async function runTests(root: string): Promise<string> {
  await access(join(root, '.ci/run'), constants.X_OK);
  const printed = await runToEnd({
    command: join(root, '.ci/run'),
    args: [],
    directory: root,
    limitMs: TEST_LIMIT_MS,
    environment: { CI: 'true' },
  });
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  assert.match(last, /^[1-9]\d* passed, 0 failed$/, `the last line is “${last}”`);
  return last;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
