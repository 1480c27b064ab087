import { readFileSync } from 'node:fs';
import { chatConformance } from '@sluice/upstream-kit/conformance';
import { jobConformance } from '@sluice/upstream-kit/job-conformance';
import { describe, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { grok } from './grok.upstream.js';
import { xaiVideo } from './xai.video.js';

const fixture = (name: string): string => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');

describe('chat', () => {
  const cases = chatConformance({
    upstream: grok,
    request: { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
    context: createTestContext,
    streams: { reasoning: fixture('reasoning.sse'), tool: fixture('tool.sse') },
    wholes: { whole: fixture('whole.json') },
    secret: 'xai-sealed',
  });
  for (const { name, run } of cases) it(name, run);
});

describe('videos', () => {
  const cases = jobConformance({
    job: xaiVideo,
    request: { model: 'grok-imagine-video', prompt: 'a cat on a sofa', durationSeconds: 4 },
    context: createTestContext,
    accepted: { plain: '{"request_id":"5f0e"}' },
    operation: { id: '5f0e', acceptedAtMs: 0 },
    secret: 'xai-sealed',
  });
  for (const { name, run } of cases) it(name, run);
});
