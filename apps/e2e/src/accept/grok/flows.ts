import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';

const LIMIT_MS = 300_000;
const SDKS = ['apps/e2e/src/grok.e2e.test.ts'];
const COMPLAINTS = [
  'apps/e2e/src/grok-complaints.e2e.test.ts',
  'libs/domain/credentials/src/grok-quotas.medium.test.ts',
  'libs/domain/credentials/src/probe-schedule.test.ts',
  'libs/manifests/src/grok-import.test.ts',
  'libs/upstreams/grok/src/web.chat.test.ts',
  'libs/upstreams/grok/src/web.doubt.test.ts',
  'libs/upstreams/grok/src/web.image.test.ts',
  'libs/upstreams/grok/src/web.imagine.test.ts',
  'libs/upstreams/grok/src/web.quota.test.ts',
  'libs/upstreams/grok/src/web.tools.test.ts',
  'libs/upstreams/grok/src/web.video.test.ts',
  'libs/upstreams/grok/src/xai.error.test.ts',
  'libs/upstreams/grok/src/xai.image.test.ts',
  'libs/upstreams/grok/src/xai.video.test.ts',
];

export function flowChecks(): Check[] {
  return [
    {
      title: 'SDKs through a key and through a session: chat, streams, tools, thoughts, images, edits, videos',
      prove: () => lastLine(SDKS),
    },
    { title: 'a test for each complaint about what was there before', prove: () => lastLine(COMPLAINTS) },
  ];
}

async function lastLine(files: readonly string[]): Promise<string> {
  const args = ['tools/test.mjs', ...files];
  const printed = await runToEnd({ command: process.execPath, args, directory: REPOSITORY, limitMs: LIMIT_MS });
  return printed.trimEnd().split('\n').at(-1) ?? '';
}
