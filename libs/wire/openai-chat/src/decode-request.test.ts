import { GatewayError } from '@sluice/contracts/gateway-error';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequest } from './decode-request.js';
import { chatCompletionSchema } from './schema.js';

const hello = { role: 'user', content: 'Hello' };
const minimal = { model: 'm', messages: [hello] };

function failure(body: unknown): GatewayError {
  try {
    decodeRequest(body);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error('no failure');
}

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
    [{ temperature: 0.5, top_p: 1, frequency_penalty: -2, presence_penalty: 2, logit_bias: { 5: -100 }, seed: 1 },
      { sampling: { temperature: 0.5, topP: 1, frequencyPenalty: -2, presencePenalty: 2, logitBias: { 5: -100 }, seed: 1 } }],
    [{ max_completion_tokens: 5 }, { maxOutputTokens: 5 }],
    [{ max_tokens: 6 }, { maxOutputTokens: 6 }],
    [{ stop: 'a' }, { stop: ['a'] }],
    [{ stop: ['a', 'b', 'c', 'd'] }, { stop: ['a', 'b', 'c', 'd'] }],
    [{ n: 128 }, { choices: 128 }],
    [{ logprobs: true, top_logprobs: 20 }, { logprobs: { top: 20 } }],
    [{ logprobs: true }, { logprobs: { top: 0 } }],
    [{ modalities: ['text', 'audio'], audio: { format: 'wav', voice: 'v' } }, { audioOutput: { format: 'wav', voice: 'v' } }],
    [{ prediction: { type: 'content', content: 'x' } }, { prediction: [{ type: 'text', text: 'x' }] }],
    [{ reasoning_effort: 'xhigh' }, { reasoning: { effort: 'xhigh' } }],
    [{ response_format: { type: 'json_object' } }, { responseFormat: { type: 'json' } }],
    [{ response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' }, strict: true } } },
      { responseFormat: { type: 'json-schema', name: 's', schema: { type: 'object' }, strict: true } }],
    [{ tools: [{ type: 'function', function: { name: 'f', parameters: {}, strict: false, description: 'd' } }, { type: 'custom', custom: { name: 'c' } }] },
      { tools: [{ type: 'function', name: 'f', inputSchema: {}, strict: false, description: 'd' }, { type: 'custom', name: 'c' }] }],
    [{ tool_choice: 'required', parallel_tool_calls: false }, { toolChoice: { type: 'required' }, parallelToolCalls: false }],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, { toolChoice: { type: 'tool', name: 'f' } }],
    [{ tool_choice: { type: 'custom', custom: { name: 'f' } } }, { toolChoice: { type: 'tool', name: 'f', custom: true } }],
    [{ tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function' }] } } },
      { toolChoice: { type: 'allowed', mode: 'auto', tools: [{ type: 'function' }] } }],
    [{ verbosity: 'low', service_tier: 'flex', store: true, metadata: { a: 'b' } }, { verbosity: 'low', serviceTier: 'flex', store: true, metadata: { a: 'b' } }],
    [{ prompt_cache_key: 'k', prompt_cache_retention: '24h', prompt_cache_options: { mode: 'explicit' } },
      { cache: { key: 'k', retention: '24h', options: { mode: 'explicit' } } }],
    [{ user: 'u' }, { endUser: 'u' }],
    [{ safety_identifier: 's' }, { endUser: 's' }],
    [{ web_search_options: {}, moderation: { model: 'x' } }, { webSearch: {}, moderation: { model: 'x' } }],
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
    const decoded = decodeRequest({ ...minimal, stream: true, stream_options: { include_usage: true, include_obfuscation: false } });
    expect(decoded).toMatchObject({ isStreamed: true, includeUsage: true, ignored: ['stream_options.include_obfuscation'] });
  });

  it('lists what has no place', () => {
    const body = { ...minimal, top_k: 5, user: 'u', safety_identifier: 's', max_tokens: 1, max_completion_tokens: 2, tools: [{ type: 'live_search' }] };
    const { ignored, native, request } = decodeRequest(body);
    expect(ignored).toEqual(['top_k', 'max_tokens', 'user', 'tools[0]']);
    expect(native).toBe(body);
    expect(request).toMatchObject({ endUser: 's', maxOutputTokens: 2, tools: [] });
  });
});

describe('messages', () => {
  it.each([
    [{ role: 'system', content: 's' }, { role: 'system', content: [{ type: 'text', text: 's' }] }],
    [{ role: 'developer', name: 'n', content: [{ type: 'text', text: 's', prompt_cache_breakpoint: { mode: 'x' } }] },
      { role: 'developer', name: 'n', content: [{ type: 'text', text: 's', cacheBreakpoint: { mode: 'x' } }] }],
    [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a/b.png', detail: 'low' } }] },
      { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://a/b.png' }, detail: 'low' }] }],
    [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/PNG;base64,AAAA' } }] },
      { role: 'user', content: [{ type: 'image', source: { type: 'data', mediaType: 'image/png', base64: 'AAAA' } }] }],
    [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } }] },
      { role: 'user', content: [{ type: 'audio', source: { type: 'data', mediaType: 'audio/mpeg', base64: 'AA' }, format: 'mp3' }] }],
    [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }, { type: 'file', file: { file_data: 'AA', filename: 'a.pdf' } }] },
      { role: 'user', content: [{ type: 'file', source: { type: 'file', fileId: 'file-1' } }, { type: 'file', source: { type: 'data', mediaType: 'application/pdf', base64: 'AA' }, filename: 'a.pdf' }] }],
    [{ role: 'assistant', content: null, refusal: 'no', audio: { id: 'a' } },
      { role: 'assistant', content: [{ type: 'refusal', text: 'no' }, { type: 'audio-reference', id: 'a' }] }],
    [{ role: 'assistant', content: 'x', reasoning_content: 'r' }, { role: 'assistant', content: [{ type: 'reasoning', text: 'r' }, { type: 'text', text: 'x' }] }],
    [{ role: 'assistant', content: 'x', reasoning: 'r' }, { role: 'assistant', content: [{ type: 'reasoning', text: 'r' }, { type: 'text', text: 'x' }] }],
    [{ role: 'assistant', content: '', reasoning_details: [{ type: 'reasoning.text', text: 'r', signature: 's' }] },
      { role: 'assistant', content: [{ type: 'reasoning', text: 'r', signature: 's' }] }],
    [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{bad' }, extra_content: { google: { thought_signature: 't' } } }, { id: 'd', type: 'custom', custom: { name: 'g', input: 'i' } }] },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'f', input: '{bad', signature: 't' }, { type: 'tool-call', id: 'd', name: 'g', input: 'i', custom: true }] }],
    [{ role: 'tool', tool_call_id: 'c', content: 'r' }, { role: 'tool', toolCallId: 'c', content: [{ type: 'text', text: 'r' }] }],
  ])('%j', (wire, expected) => {
    expect(decodeRequest(withMessage(wire)).request.messages[1]).toEqual(expected);
  });

  it('joins deprecated function calls and their results by ids of its own', () => {
    const body = {
      model: 'm',
      functions: [{ name: 'f' }],
      function_call: { name: 'f' },
      messages: [hello, { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } }, { role: 'function', name: 'f', content: 'r' }],
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

describe('what is refused', () => {
  it.each([
    ['nothing', undefined, undefined, 'invalid_type', 'Invalid type for the body: expected an object, got nothing.'],
    ['a list', [], undefined, 'invalid_type', 'Invalid type for the body: expected an object, got an array.'],
    ['no model', { messages: [hello] }, 'model', 'missing_required_parameter', "Missing required parameter: 'model'."],
    ['no messages', { model: 'm' }, 'messages', 'missing_required_parameter', "Missing required parameter: 'messages'."],
    ['messages of another type', { model: 'm', messages: 'x' }, 'messages', 'invalid_type', "Invalid type for 'messages': expected an array, got a string."],
    ['no message', { model: 'm', messages: [] }, 'messages', 'empty_array', "Invalid 'messages': empty array. Expected at least 1."],
    ['a message that is none', { model: 'm', messages: [1] }, 'messages[0]', 'invalid_type', "Invalid type for 'messages[0]': expected an object, got an integer."],
    ['an unknown role', { model: 'm', messages: [{ role: 'robot' }] }, 'messages[0].role', 'invalid_value',
      "Invalid value for 'messages[0].role': 'robot'. Supported values are: 'system', 'developer', 'user', 'assistant', 'tool', 'function'."],
    ['no role', { model: 'm', messages: [{}] }, 'messages[0].role', 'missing_required_parameter', "Missing required parameter: 'messages[0].role'."],
    ['no content', { model: 'm', messages: [{ role: 'user' }] }, 'messages[0].content', 'missing_required_parameter', "Missing required parameter: 'messages[0].content'."],
    ['content of another type', { model: 'm', messages: [{ role: 'user', content: 5 }] }, 'messages[0].content', 'invalid_type',
      "Invalid type for 'messages[0].content': expected a string or an array, got an integer."],
    ['null content', { model: 'm', messages: [{ role: 'user', content: null }] }, 'messages[0].content', 'invalid_type',
      "Invalid type for 'messages[0].content': expected a string or an array, got null."],
    ['an unknown part', withMessage({ role: 'user', content: [{ type: 'video' }] }), 'messages[1].content[0].type', 'invalid_value',
      "Invalid value for 'messages[1].content[0].type': 'video'. Supported values are: 'text', 'image_url', 'input_audio', 'file'."],
    ['a URL that is a string', withMessage({ role: 'user', content: [{ type: 'image_url', image_url: 'https://a' }] }), 'messages[1].content[0].image_url', 'invalid_type',
      "Invalid type for 'messages[1].content[0].image_url': expected an object, got a string."],
    ['no URL', withMessage({ role: 'user', content: [{ type: 'image_url', image_url: {} }] }), 'messages[1].content[0].image_url.url', 'missing_required_parameter',
      "Missing required parameter: 'messages[1].content[0].image_url.url'."],
    ['a URL of another scheme', withMessage({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] }), 'messages[1].content[0].image_url.url', 'invalid_image_url',
      "Invalid value for 'messages[1].content[0].image_url.url': expected an http or https URL, or a base64 data URL."],
    ['a data URL without base64', withMessage({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/plain,hi' } }] }), 'messages[1].content[0].image_url.url', 'invalid_value',
      "Invalid value for 'messages[1].content[0].image_url.url': expected a data URL in base64."],
    ['a file without either', withMessage({ role: 'user', content: [{ type: 'file', file: {} }] }), 'messages[1].content[0].file', 'missing_required_parameter',
      "Invalid value for 'messages[1].content[0].file': one of 'file_id' and 'file_data' is needed."],
    ['a tool result of no call', withMessage({ role: 'tool', content: 'x' }), 'messages[1].tool_call_id', 'missing_required_parameter', "Missing required parameter: 'messages[1].tool_call_id'."],
    ['arguments that are an object', withMessage({ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: {} } }] }), 'messages[1].tool_calls[0].function.arguments', 'invalid_type',
      "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a string, got an object."],
    ['a call without its function', withMessage({ role: 'assistant', tool_calls: [{ id: 'c', type: 'function' }] }), 'messages[1].tool_calls[0].function', 'missing_required_parameter',
      "Missing required parameter: 'messages[1].tool_calls[0].function'."],
    ['too many answers', { ...minimal, n: 129 }, 'n', 'integer_above_max_value', "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead."],
    ['part of an answer', { ...minimal, n: 1.5 }, 'n', 'invalid_type', "Invalid type for 'n': expected an integer, got a decimal number."],
    ['heat as text', { ...minimal, temperature: 'hot' }, 'temperature', 'invalid_type', "Invalid type for 'temperature': expected a number, got a string."],
    ['too much heat', { ...minimal, temperature: 2.5 }, 'temperature', 'decimal_above_max_value', "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead."],
    ['too many stops', { ...minimal, stop: ['1', '2', '3', '4', '5'] }, 'stop', 'array_above_max_length',
      "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead."],
    ['a stop that is a number', { ...minimal, stop: 5 }, 'stop', 'invalid_type', "Invalid type for 'stop': expected a string or an array, got an integer."],
    ['too many log probabilities', { ...minimal, logprobs: true, top_logprobs: 21 }, 'top_logprobs', 'integer_above_max_value',
      "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 instead."],
    ['log probabilities without asking', { ...minimal, top_logprobs: 2 }, 'top_logprobs', 'invalid_value', "Invalid 'top_logprobs': it needs 'logprobs' to be true."],
    ['speech without a voice', { ...minimal, modalities: ['audio'] }, 'audio', 'missing_required_parameter', "Missing required parameter: 'audio'. It is needed where 'modalities' has 'audio'."],
    ['too many labels', { ...minimal, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) }, 'metadata', 'object_above_max_properties',
      "Invalid 'metadata': too many properties. Expected at most 16, but got 17 instead."],
    ['a label that is a number', { ...minimal, metadata: { a: 1 } }, 'metadata.a', 'invalid_type', "Invalid type for 'metadata.a': expected a string, got an integer."],
    ['a tool without its function', { ...minimal, tools: [{ type: 'function' }] }, 'tools[0].function', 'missing_required_parameter', "Missing required parameter: 'tools[0].function'."],
    ['a schema that is text', { ...minimal, tools: [{ type: 'function', function: { name: 'f', parameters: '{}' } }] }, 'tools[0].function.parameters', 'invalid_type',
      "Invalid type for 'tools[0].function.parameters': expected an object, got a string."],
    ['an unknown choice', { ...minimal, tool_choice: 'any' }, 'tool_choice', 'invalid_value', "Invalid value for 'tool_choice': 'any'. Supported values are: 'none', 'auto', 'required'."],
    ['an unknown effort', { ...minimal, reasoning_effort: 'huge' }, 'reasoning_effort', 'invalid_value', undefined],
    ['an unknown format', { ...minimal, response_format: { type: 'xml' } }, 'response_format.type', 'invalid_value',
      "Invalid value for 'response_format.type': 'xml'. Supported values are: 'text', 'json_object', 'json_schema'."],
    ['a stream that is text', { ...minimal, stream: 'true' }, 'stream', 'invalid_type', "Invalid type for 'stream': expected a boolean, got a string."],
  ])('%s', (_name, body, param, reason, message) => {
    const error = failure(body);
    expect(error.data).toMatchObject({ code: 'invalid_request', reason });
    expect(error.data.param).toBe(param);
    if (message !== undefined) expect(error.message).toBe(message);
  });

  it('throws nothing but its own failure, whatever comes', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'tool', 'x'), content: value, tool_calls: value }, { requiredKeys: [] });
    const fields = fc.record(Object.fromEntries(Object.keys(chatCompletionSchema.shape).map((name) => [name, value])), { requiredKeys: [] });
    fc.assert(
      fc.property(fields, fc.array(message), fc.boolean(), (body, messages, isWhole) => {
        try {
          decodeRequest(isWhole ? { ...body, model: 'm', messages } : body);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
