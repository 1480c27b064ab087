import { expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';
import { encodeRequest } from './encode-request.js';

const BODY = {
  model: 'alias',
  messages: [
    { role: 'system', content: 's' },
    {
      role: 'user',
      name: 'n',
      content: [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
        { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
        { type: 'file', file: { file_id: 'f' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{bad' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: 'r' },
    { role: 'assistant', content: 'x', refusal: 'n', reasoning_content: 'r', audio: { id: 'a' } },
  ],
  tools: [
    { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
    { type: 'custom', custom: { name: 'g', format: { type: 'text' } } },
  ],
  tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } },
  parallel_tool_calls: false,
  reasoning_effort: 'low',
  response_format: { type: 'json_schema', json_schema: { name: 's', schema: {}, strict: true, description: 'd' } },
  temperature: 0.1,
  top_p: 0.2,
  frequency_penalty: 0.3,
  presence_penalty: 0.4,
  logit_bias: { 1: 2 },
  seed: 3,
  max_completion_tokens: 4,
  stop: ['x'],
  n: 2,
  logprobs: true,
  top_logprobs: 5,
  modalities: ['text', 'audio'],
  audio: { format: 'mp3', voice: 'v' },
  prediction: { type: 'content', content: [{ type: 'text', text: 'p' }] },
  verbosity: 'high',
  service_tier: 'flex',
  prompt_cache_key: 'k',
  prompt_cache_retention: 'r',
  prompt_cache_options: { mode: 'implicit' },
  web_search_options: { a: 1 },
  moderation: { model: 'm' },
  metadata: { a: 'b' },
  safety_identifier: 'u',
  store: false,
};

it('writes every field of the internal form back as it was read', () => {
  const written = encodeRequest(decodeRequest(BODY).request, { model: 'real', isStreamed: false });
  expect(JSON.parse(JSON.stringify(written))).toEqual({ ...BODY, model: 'real', stream: false });
});

it('starts from the own body of a client that speaks the same, and loses nothing of it', () => {
  const native = {
    model: 'alias',
    messages: [],
    vendor_field: { a: 1 },
    stream: true,
    stream_options: { include_obfuscation: false },
  };
  const { request } = decodeRequest({ ...native, messages: BODY.messages });
  expect(encodeRequest(request, { model: 'real', isStreamed: true, native })).toEqual({
    model: 'real',
    messages: [],
    vendor_field: { a: 1 },
    stream: true,
    stream_options: { include_obfuscation: false, include_usage: true },
  });
  expect(native).toHaveProperty('model', 'alias');
});

it('has no stream options where nothing is streamed, since vendors refuse them', () => {
  const native = { stream: true, stream_options: { include_usage: true } };
  expect(encodeRequest({ model: 'm', messages: [] }, { model: 'real', isStreamed: false, native })).toEqual({
    model: 'real',
    stream: false,
  });
});
