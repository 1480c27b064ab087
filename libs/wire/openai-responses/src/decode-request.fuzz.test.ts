import type { JsonObject } from '@sluice/contracts/json';
import { anyJson, mutatedBody } from '@sluice/wire-errors/__fixtures__/mutated-body';
import { readOrRefuse } from '@sluice/wire-errors/__fixtures__/read-or-refuse';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRequest, decodeTokensRequest } from './decode-request.js';
import { encodeFrame } from './encode-frame.js';
import type { WireItem } from './item-schema.js';
import { parseRequest, parseTokensRequest } from './parse-request.js';
import { sealReasoning } from './reasoning-envelope.js';

const bodies: JsonObject[] = [
  {
    model: 'm',
    instructions: 'i',
    input: [
      { role: 'system', content: [{ type: 'input_text', text: 's', prompt_cache_breakpoint: { mode: 'x' } }] },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 't' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' },
          { type: 'input_file', file_data: 'AAAA', filename: 'a.pdf' },
          { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
        ],
      },
      { type: 'reasoning', summary: [], encrypted_content: sealReasoning({ text: 'r', signature: 's' }) },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'r' }], content: [{ type: 'text', text: 'r' }] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}', extra_content: { google: {} } },
      { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'o' }] },
      { type: 'custom_tool_call', call_id: 'd', name: 'g', input: 'x' },
      { type: 'custom_tool_call_output', call_id: 'd', output: 'o' },
      { type: 'image_generation_call', result: 'AAAA' },
      {
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'a' },
          { type: 'refusal', refusal: 'no' },
        ],
      },
      { type: 'web_search_call', id: 'w' },
      { id: 'msg_1' },
    ],
    tools: [
      { type: 'function', name: 'f', parameters: {} },
      { type: 'custom', name: 'g', format: {} },
      { type: 'mcp' },
    ],
    tool_choice: { type: 'function', name: 'f' },
    include: ['reasoning.encrypted_content', 'x'],
    reasoning: { effort: 'low', summary: 'auto' },
  },
  {
    model: 'm',
    input: 'hi',
    text: { format: { type: 'json_schema', name: 'n', schema: {} }, verbosity: 'low' },
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{}] },
    previous_response_id: 'resp_1',
    conversation: null,
    prompt: null,
    metadata: { 'a.b[0]': 'x' },
    max_output_tokens: 5,
    temperature: 1,
    top_logprobs: 2,
    truncation: 'auto',
    stream_options: { include_obfuscation: true },
    background: true,
    store: true,
  },
];

const meant: WireItem = { type: 'message', role: 'user', content: 'earlier' };
const found = { history: [], referenced: { get: () => meant } as unknown as ReadonlyMap<string, WireItem> };
const decode = (body: unknown) => {
  const parsed = parseRequest(body);
  encodeFrame(parsed.body, { id: 'resp_1', createdSeconds: 1 });
  return decodeRequest(parsed, found);
};

it('reads a right body, and the bodies that are spoilt below are right', () => {
  expect(bodies.map((body) => readOrRefuse(body, decode))).toEqual(['read', 'read']);
});

it('refuses any other value, and names a field of it', () => {
  fc.assert(fc.property(anyJson, (body) => void readOrRefuse(body, decode)));
});

it('refuses a body that is wrong anywhere, and names the field', () => {
  fc.assert(fc.property(mutatedBody(bodies), (body) => void readOrRefuse(body, decode)));
});

it('counts only what it could answer', () => {
  fc.assert(
    fc.property(mutatedBody(bodies), (body) => {
      readOrRefuse(body, (each) => decodeTokensRequest(parseTokensRequest(each), found));
    }),
  );
});

it('refuses a body that is nested too deeply to be walked', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
  expect(readOrRefuse({ ...bodies[0], metadata: deep }, decode)).toBe('refused');
  expect(() => readOrRefuse(deep, decode)).not.toThrow();
});
