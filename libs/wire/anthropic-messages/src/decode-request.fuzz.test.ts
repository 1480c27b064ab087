import type { JsonObject } from '@sluice/contracts/json';
import { anyJson, mutatedBody } from '@sluice/wire-errors/__fixtures__/mutated-body';
import { readOrRefuse } from '@sluice/wire-errors/__fixtures__/read-or-refuse';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCountRequest, decodeRequest } from './decode-request.js';
import type { ApiVersion } from './version.js';

const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
const documentOf = (source: JsonObject) => ({ type: 'document', source, title: 't', context: 'c' });
const bodies: JsonObject[] = [
  {
    model: 'm',
    max_tokens: 10,
    system: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 't' },
          picture,
          documentOf({ type: 'text', media_type: 'text/plain', data: 'd' }),
          documentOf({ type: 'content', content: [{ type: 'text', text: 'x' }, picture] }),
          documentOf({ type: 'url', url: 'https://x/y.pdf' }),
          documentOf({ type: 'base64', media_type: 'application/pdf', data: 'AAAA' }),
          { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'r' }] },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'h', signature: 's' },
          { type: 'redacted_thinking', data: 'd' },
          { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
          { type: 'server_tool_use' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c', is_error: true, content: [{ type: 'text', text: 'r' }, picture] },
        ],
      },
      { role: 'assistant', content: 'a' },
      { role: 'system', content: 's' },
    ],
    tools: [
      { name: 'f', input_schema: { type: 'object' }, strict: true },
      { type: 'web_search_20250305', name: 'w' },
    ],
    tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
  },
  {
    model: 'm',
    max_tokens: 0,
    messages: [{ role: 'user', content: 'hi' }],
    thinking: { type: 'enabled', budget_tokens: 1_024, display: 'omitted' },
    output_config: { effort: 'low', format: { type: 'json_schema', schema: {} } },
    stop_sequences: ['a', ' '],
    metadata: { user_id: 'u' },
    service_tier: 'auto',
    cache_control: { type: 'ephemeral' },
    mcp_servers: [],
  },
];
const versions = fc.constantFrom<ApiVersion>('2023-06-01', '2026-10-21');

it('reads a right body, and the bodies that are spoilt below are right', () => {
  const decode = (body: unknown) => decodeRequest(body, { version: '2026-10-21' });
  expect(bodies.map((body) => readOrRefuse(body, decode))).toEqual(['read', 'read']);
});

it('refuses any other value, and names a field of it', () => {
  fc.assert(
    fc.property(anyJson, versions, (body, version) => {
      readOrRefuse(body, (each) => decodeRequest(each, { version }));
    }),
  );
});

it('refuses a body that is wrong anywhere, and names the field', () => {
  fc.assert(
    fc.property(mutatedBody(bodies), versions, (body, version) => {
      readOrRefuse(body, (each) => decodeRequest(each, { version }));
    }),
  );
});

it('counts only what it could answer', () => {
  fc.assert(
    fc.property(mutatedBody(bodies), versions, (body, version) => {
      readOrRefuse(body, (each) => decodeCountRequest(each, { version }));
    }),
  );
});

it('refuses a body that is nested too deeply to be walked', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
  expect(readOrRefuse({ ...bodies[0], metadata: deep }, (each) => decodeRequest(each, { version: '2023-06-01' }))).toBe(
    'refused',
  );
  expect(() => readOrRefuse(deep, (each) => decodeRequest(each, { version: '2023-06-01' }))).not.toThrow();
});
