import { chatConformance } from '@sluice/upstream-kit/conformance';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { gemini } from './gemini.upstream.js';

const FIXTURES = new URL('__fixtures__/', import.meta.url);

describe('chat', () => {
  const cases = chatConformance({
    upstream: gemini,
    request: { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
    context: createTestContext,
    streams: fixtures('.sse'),
    wholes: fixtures('.json'),
    secret: 'key-sealed',
  });
  for (const { name, run } of cases) it(name, run);
});

function fixtures(ending: string): Record<string, string> {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith(ending));
  return Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, FIXTURES), 'utf8')]));
}
