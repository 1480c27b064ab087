import { describe, expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';
import { chatCompletionSchema } from './schema.js';

const hello = { role: 'user', content: 'Hello' };
const minimal = { model: 'm', messages: [hello] };

function withMessage(message: object): object {
  return { model: 'm', messages: [hello, message] };
}

describe('what is carried', () => {
  it('takes the least, and says nothing that was not said', () => {
    expect(decodeRequest(minimal)).toEqual({
      request: { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
      isStreamed: false,
      includeUsage: false,
      isLegacyFunctions: false,
      ignored: [],
      native: minimal,
    });
  });

  it.each([
    [
      { temperature: 0.5, top_p: 1, frequency_penalty: -2, presence_penalty: 2, logit_bias: { 5: -100 }, seed: 1 },
      {
        sampling: {
          temperature: 0.5,
          topP: 1,
          frequencyPenalty: -2,
          presencePenalty: 2,
          logitBias: { 5: -100 },
          seed: 1,
        },
      },
    ],
    [{ max_completion_tokens: 5 }, { maxOutputTokens: 5 }],
    [{ max_tokens: 6 }, { maxOutputTokens: 6 }],
    [{ stop: 'a' }, { stop: ['a'] }],
    [{ stop: ['a', 'b', 'c', 'd'] }, { stop: ['a', 'b', 'c', 'd'] }],
    [{ n: 128 }, { choices: 128 }],
    [{ logprobs: true, top_logprobs: 20 }, { logprobs: { top: 20 } }],
    [{ logprobs: true }, { logprobs: { top: 0 } }],
    [
      { modalities: ['text', 'audio'], audio: { format: 'wav', voice: 'v' } },
      { audioOutput: { format: 'wav', voice: 'v' } },
    ],
    [{ prediction: { type: 'content', content: 'x' } }, { prediction: [{ type: 'text', text: 'x' }] }],
    [{ reasoning_effort: 'xhigh' }, { reasoning: { effort: 'xhigh' } }],
    [{ response_format: { type: 'json_object' } }, { responseFormat: { type: 'json' } }],
    [
      {
        response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' }, strict: true } },
      },
      { responseFormat: { type: 'json-schema', name: 's', schema: { type: 'object' }, strict: true } },
    ],
    [
      {
        tools: [
          { type: 'function', function: { name: 'f', parameters: {}, strict: false, description: 'd' } },
          { type: 'custom', custom: { name: 'c' } },
        ],
      },
      {
        tools: [
          { type: 'function', name: 'f', inputSchema: {}, strict: false, description: 'd' },
          { type: 'custom', name: 'c' },
        ],
      },
    ],
    [
      { tool_choice: 'required', parallel_tool_calls: false },
      { toolChoice: { type: 'required' }, parallelToolCalls: false },
    ],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, { toolChoice: { type: 'tool', name: 'f' } }],
    [
      { tool_choice: { type: 'custom', custom: { name: 'f' } } },
      { toolChoice: { type: 'tool', name: 'f', custom: true } },
    ],
    [
      { tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function' }] } } },
      { toolChoice: { type: 'allowed', mode: 'auto', tools: [{ type: 'function' }] } },
    ],
    [
      { verbosity: 'low', service_tier: 'flex', store: true, metadata: { a: 'b' } },
      { verbosity: 'low', serviceTier: 'flex', store: true, metadata: { a: 'b' } },
    ],
    [
      { prompt_cache_key: 'k', prompt_cache_retention: '24h', prompt_cache_options: { mode: 'explicit' } },
      { cache: { key: 'k', retention: '24h', options: { mode: 'explicit' } } },
    ],
    [{ user: 'u' }, { endUser: 'u' }],
    [{ safety_identifier: 's' }, { endUser: 's' }],
    [
      { web_search_options: {}, moderation: { model: 'x' } },
      { webSearch: {}, moderation: { model: 'x' } },
    ],
  ])('%j', (fields, expected) => {
    const { request, ignored } = decodeRequest({ ...minimal, ...fields });
    expect(request).toEqual({ ...decodeRequest(minimal).request, ...expected });
    expect(ignored).toEqual([]);
  });

  it('takes null for absent, in every optional field', () => {
    const optional = Object.keys(chatCompletionSchema.shape).filter((name) => name !== 'model' && name !== 'messages');
    const body = { ...minimal, ...Object.fromEntries(optional.map((name) => [name, null])) };
    expect(decodeRequest(body).request).toEqual(decodeRequest(minimal).request);
  });

  it('knows a stream and whether its usage is wanted', () => {
    const decoded = decodeRequest({
      ...minimal,
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
    });
    expect(decoded).toMatchObject({
      isStreamed: true,
      includeUsage: true,
      ignored: ['stream_options.include_obfuscation'],
    });
  });

  it('lists what has no place', () => {
    const body = {
      ...minimal,
      top_k: 5,
      user: 'u',
      safety_identifier: 's',
      max_tokens: 1,
      max_completion_tokens: 2,
      tools: [{ type: 'live_search' }],
    };
    const { ignored, native, request } = decodeRequest(body);
    expect(ignored).toEqual(['top_k', 'max_tokens', 'user', 'tools[0]']);
    expect(native).toBe(body);
    expect(request).toMatchObject({ endUser: 's', maxOutputTokens: 2, tools: [] });
  });
});

describe('messages', () => {
  it.each([
    [
      { role: 'system', content: 's' },
      { role: 'system', content: [{ type: 'text', text: 's' }] },
    ],
    [
      { role: 'developer', name: 'n', content: [{ type: 'text', text: 's', prompt_cache_breakpoint: { mode: 'x' } }] },
      { role: 'developer', name: 'n', content: [{ type: 'text', text: 's', cacheBreakpoint: { mode: 'x' } }] },
    ],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a/b.png', detail: 'low' } }] },
      { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://a/b.png' }, detail: 'low' }] },
    ],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/PNG;base64,AAAA' } }] },
      { role: 'user', content: [{ type: 'image', source: { type: 'data', mediaType: 'image/png', base64: 'AAAA' } }] },
    ],
    [
      { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } }] },
      {
        role: 'user',
        content: [{ type: 'audio', source: { type: 'data', mediaType: 'audio/mpeg', base64: 'AA' }, format: 'mp3' }],
      },
    ],
    [
      {
        role: 'user',
        content: [
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'file', file: { file_data: 'AA', filename: 'a.pdf' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'file', source: { type: 'file', fileId: 'file-1' } },
          { type: 'file', source: { type: 'data', mediaType: 'application/pdf', base64: 'AA' }, filename: 'a.pdf' },
        ],
      },
    ],
    [
      { role: 'assistant', content: null, refusal: 'no', audio: { id: 'a' } },
      {
        role: 'assistant',
        content: [
          { type: 'refusal', text: 'no' },
          { type: 'audio-reference', id: 'a' },
        ],
      },
    ],
    [
      { role: 'assistant', content: 'x', reasoning_content: 'r' },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'r' },
          { type: 'text', text: 'x' },
        ],
      },
    ],
    [
      { role: 'assistant', content: 'x', reasoning: 'r' },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'r' },
          { type: 'text', text: 'x' },
        ],
      },
    ],
    [
      { role: 'assistant', content: '', reasoning_details: [{ type: 'reasoning.text', text: 'r', signature: 's' }] },
      { role: 'assistant', content: [{ type: 'reasoning', text: 'r', signature: 's' }] },
    ],
    [
      {
        role: 'assistant',
        tool_calls: [
          {
            id: 'c',
            type: 'function',
            function: { name: 'f', arguments: '{bad' },
            extra_content: { google: { thought_signature: 't' } },
          },
          { id: 'd', type: 'custom', custom: { name: 'g', input: 'i' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', id: 'c', name: 'f', input: '{bad', signature: 't' },
          { type: 'tool-call', id: 'd', name: 'g', input: 'i', custom: true },
        ],
      },
    ],
    [
      { role: 'tool', tool_call_id: 'c', content: 'r' },
      { role: 'tool', toolCallId: 'c', content: [{ type: 'text', text: 'r' }] },
    ],
  ])('%j', (wire, expected) => {
    expect(decodeRequest(withMessage(wire)).request.messages[1]).toEqual(expected);
  });

  it('joins deprecated function calls and their results by ids of its own', () => {
    const body = {
      model: 'm',
      functions: [{ name: 'f' }],
      function_call: { name: 'f' },
      messages: [
        hello,
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'r' },
      ],
    };
    const { request, isLegacyFunctions } = decodeRequest(body);
    expect(isLegacyFunctions).toBe(true);
    expect(request.tools).toEqual([{ type: 'function', name: 'f' }]);
    expect(request.toolChoice).toEqual({ type: 'tool', name: 'f' });
    expect(request.messages.slice(1)).toEqual([
      { role: 'assistant', content: [{ type: 'tool-call', id: 'call_function_1', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: 'call_function_1', name: 'f', content: [{ type: 'text', text: 'r' }] },
    ]);
  });
});
