import { chatConformance } from '@sluice/upstream-kit/conformance';
import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { openai } from './openai.upstream.js';

const STREAM = new URL('__fixtures__/wandering-id.sse', import.meta.url);

/** A session that is live, so that every answer is the chat's. */
describe('chat by way of DeGPT', () => {
  const cases = chatConformance({
    upstream: openai,
    request: { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
    context: (call) =>
      createTestContext({ ...call, kind: 'degpt', credential: { id: '0'.repeat(32), token: 'token-sealed' } }),
    streams: { 'wandering-id.sse': readFileSync(STREAM, 'utf8') },
    wholes: {},
    secret: 'token-sealed',
  });
  // A session that is refused is followed by a fresh one, which is a second request: see `degpt.test.ts`.
  const others = cases.filter(({ name }) => !name.startsWith('status 401'));
  for (const { name, run } of others) it(name, run);
});
