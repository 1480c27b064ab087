import type { JsonObject } from '@sluice/contracts/json';
import { anyJson, mutatedBody } from '@sluice/wire-errors/__fixtures__/mutated-body';
import { readOrRefuse } from '@sluice/wire-errors/__fixtures__/read-or-refuse';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';
import { encodeRequest } from './encode-request.js';

const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } };
const tool = {
  type: 'function',
  function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
};
const bodies: JsonObject[] = [
  {
    model: 'm',
    messages: [
      { role: 'system', content: [{ type: 'text', text: 's', prompt_cache_breakpoint: { mode: 'x' } }] },
      { role: 'user', name: 'n', content: [{ type: 'text', text: 't' }, picture] },
      {
        role: 'assistant',
        content: null,
        reasoning_details: [{ type: 'reasoning.text', text: 'r', signature: 's' }],
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 't' }] },
      { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }] },
      { role: 'user', content: [{ type: 'file', file: { file_data: 'AA==', filename: 'a.pdf' } }] },
      {
        role: 'assistant',
        content: [{ type: 'refusal', refusal: 'no' }],
        images: [{ image_url: { url: 'https://x' } }],
      },
      { role: 'assistant', function_call: { name: 'f', arguments: '' }, audio: { id: 'a' } },
      { role: 'function', name: 'f', content: null },
    ],
    tools: [tool, { type: 'custom', custom: { name: 'g', format: {} } }],
    tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{}] } },
  },
  {
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    functions: [{ name: 'f', parameters: {} }],
    function_call: { name: 'f' },
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {} } },
    logit_bias: { '1': 2 },
    logprobs: true,
    top_logprobs: 2,
    metadata: { 'a.b[0]': 'x' },
    modalities: ['text', 'audio'],
    audio: { format: 'mp3', voice: 'v' },
    prediction: { type: 'content', content: [{ type: 'text', text: 'p' }] },
    stop: ['a'],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 1,
    n: 2,
    service_tier: 'auto',
    reasoning_effort: 'low',
  },
];

const decode = (body: unknown) => encodeRequest(decodeRequest(body).request, { model: 'm', isStreamed: true });

it('reads a right body, and the bodies that are spoilt below are right', () => {
  expect(bodies.map((body) => readOrRefuse(body, decode))).toEqual(bodies.map(() => 'read'));
});

it('refuses any other value, and names a field of it', () => {
  fc.assert(fc.property(anyJson, (body) => void readOrRefuse(body, decode)));
});

it('refuses a body that is wrong anywhere, and names the field', () => {
  fc.assert(fc.property(mutatedBody(bodies), (body) => void readOrRefuse(body, decode)));
});

it('refuses a body that is nested too deeply to be walked', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
  expect(readOrRefuse({ ...bodies[0], metadata: deep }, decode)).toBe('refused');
  expect(() => readOrRefuse(deep, decode)).not.toThrow();
});
