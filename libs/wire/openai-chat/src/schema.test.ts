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

describe('what is refused', () => {
  it.each([
    ['nothing', undefined, undefined, 'invalid_type', 'Invalid type for the body: expected an object, got nothing.'],
    ['a list', [], undefined, 'invalid_type', 'Invalid type for the body: expected an object, got an array.'],
    ['no model', { messages: [hello] }, 'model', 'missing_required_parameter', "Missing required parameter: 'model'."],
    [
      'no messages',
      { model: 'm' },
      'messages',
      'missing_required_parameter',
      "Missing required parameter: 'messages'.",
    ],
    [
      'messages of another type',
      { model: 'm', messages: 'x' },
      'messages',
      'invalid_type',
      "Invalid type for 'messages': expected an array, got a string.",
    ],
    [
      'no message',
      { model: 'm', messages: [] },
      'messages',
      'empty_array',
      "Invalid 'messages': empty array. Expected at least 1.",
    ],
    [
      'a message that is none',
      { model: 'm', messages: [1] },
      'messages[0]',
      'invalid_type',
      "Invalid type for 'messages[0]': expected an object, got an integer.",
    ],
    [
      'an unknown role',
      { model: 'm', messages: [{ role: 'robot' }] },
      'messages[0].role',
      'invalid_value',
      "Invalid value for 'messages[0].role': 'robot'. Supported values are: 'system', 'developer', 'user', 'assistant', 'tool', 'function'.",
    ],
    [
      'no role',
      { model: 'm', messages: [{}] },
      'messages[0].role',
      'missing_required_parameter',
      "Missing required parameter: 'messages[0].role'.",
    ],
    [
      'no content',
      { model: 'm', messages: [{ role: 'user' }] },
      'messages[0].content',
      'missing_required_parameter',
      "Missing required parameter: 'messages[0].content'.",
    ],
    [
      'content of another type',
      { model: 'm', messages: [{ role: 'user', content: 5 }] },
      'messages[0].content',
      'invalid_type',
      "Invalid type for 'messages[0].content': expected a string or an array, got an integer.",
    ],
    [
      'null content',
      { model: 'm', messages: [{ role: 'user', content: null }] },
      'messages[0].content',
      'invalid_type',
      "Invalid type for 'messages[0].content': expected a string or an array, got null.",
    ],
    [
      'an unknown part',
      withMessage({ role: 'user', content: [{ type: 'video' }] }),
      'messages[1].content[0].type',
      'invalid_value',
      "Invalid value for 'messages[1].content[0].type': 'video'. Supported values are: 'text', 'image_url', 'input_audio', 'file', 'video_url', 'input_video'.",
    ],
    [
      'a URL that is a string',
      withMessage({ role: 'user', content: [{ type: 'image_url', image_url: 'https://a' }] }),
      'messages[1].content[0].image_url',
      'invalid_type',
      "Invalid type for 'messages[1].content[0].image_url': expected an object, got a string.",
    ],
    [
      'no URL',
      withMessage({ role: 'user', content: [{ type: 'image_url', image_url: {} }] }),
      'messages[1].content[0].image_url.url',
      'missing_required_parameter',
      "Missing required parameter: 'messages[1].content[0].image_url.url'.",
    ],
    [
      'a URL of another scheme',
      withMessage({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] }),
      'messages[1].content[0].image_url.url',
      'invalid_image_url',
      "Invalid value for 'messages[1].content[0].image_url.url': expected an http or https URL, or a base64 data URL.",
    ],
    [
      'a data URL without base64',
      withMessage({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/plain,hi' } }] }),
      'messages[1].content[0].image_url.url',
      'invalid_value',
      "Invalid value for 'messages[1].content[0].image_url.url': expected a data URL in base64.",
    ],
    [
      'a file without either',
      withMessage({ role: 'user', content: [{ type: 'file', file: {} }] }),
      'messages[1].content[0].file',
      'missing_required_parameter',
      "Invalid value for 'messages[1].content[0].file': one of 'file_id' and 'file_data' is needed.",
    ],
    [
      'a tool result of no call',
      withMessage({ role: 'tool', content: 'x' }),
      'messages[1].tool_call_id',
      'missing_required_parameter',
      "Missing required parameter: 'messages[1].tool_call_id'.",
    ],
    [
      'arguments that are an object',
      withMessage({
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: {} } }],
      }),
      'messages[1].tool_calls[0].function.arguments',
      'invalid_type',
      "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a string, got an object.",
    ],
    [
      'a call without its function',
      withMessage({ role: 'assistant', tool_calls: [{ id: 'c', type: 'function' }] }),
      'messages[1].tool_calls[0].function',
      'missing_required_parameter',
      "Missing required parameter: 'messages[1].tool_calls[0].function'.",
    ],
    [
      'too many answers',
      { ...minimal, n: 129 },
      'n',
      'integer_above_max_value',
      "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.",
    ],
    [
      'part of an answer',
      { ...minimal, n: 1.5 },
      'n',
      'invalid_type',
      "Invalid type for 'n': expected an integer, got a decimal number.",
    ],
    [
      'heat as text',
      { ...minimal, temperature: 'hot' },
      'temperature',
      'invalid_type',
      "Invalid type for 'temperature': expected a number, got a string.",
    ],
    [
      'too much heat',
      { ...minimal, temperature: 2.5 },
      'temperature',
      'decimal_above_max_value',
      "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
    ],
    [
      'too many stops',
      { ...minimal, stop: ['1', '2', '3', '4', '5'] },
      'stop',
      'array_above_max_length',
      "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
    ],
    [
      'a stop that is a number',
      { ...minimal, stop: 5 },
      'stop',
      'invalid_type',
      "Invalid type for 'stop': expected a string or an array, got an integer.",
    ],
    [
      'too many log probabilities',
      { ...minimal, logprobs: true, top_logprobs: 21 },
      'top_logprobs',
      'integer_above_max_value',
      "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 instead.",
    ],
    [
      'log probabilities without asking',
      { ...minimal, top_logprobs: 2 },
      'top_logprobs',
      'invalid_value',
      "Invalid 'top_logprobs': it needs 'logprobs' to be true.",
    ],
    [
      'speech without a voice',
      { ...minimal, modalities: ['audio'] },
      'audio',
      'missing_required_parameter',
      "Missing required parameter: 'audio'. It is needed where 'modalities' has 'audio'.",
    ],
    [
      'too many labels',
      { ...minimal, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) },
      'metadata',
      'object_above_max_properties',
      "Invalid 'metadata': too many properties. Expected at most 16, but got 17 instead.",
    ],
    [
      'a label that is a number',
      { ...minimal, metadata: { a: 1 } },
      'metadata.a',
      'invalid_type',
      "Invalid type for 'metadata.a': expected a string, got an integer.",
    ],
    [
      'a tool without its function',
      { ...minimal, tools: [{ type: 'function' }] },
      'tools[0].function',
      'missing_required_parameter',
      "Missing required parameter: 'tools[0].function'.",
    ],
    [
      'a schema that is text',
      { ...minimal, tools: [{ type: 'function', function: { name: 'f', parameters: '{}' } }] },
      'tools[0].function.parameters',
      'invalid_type',
      "Invalid type for 'tools[0].function.parameters': expected an object, got a string.",
    ],
    [
      'an unknown choice',
      { ...minimal, tool_choice: 'any' },
      'tool_choice',
      'invalid_value',
      "Invalid value for 'tool_choice': 'any'. Supported values are: 'none', 'auto', 'required'.",
    ],
    ['an unknown effort', { ...minimal, reasoning_effort: 'huge' }, 'reasoning_effort', 'invalid_value', undefined],
    [
      'an unknown format',
      { ...minimal, response_format: { type: 'xml' } },
      'response_format.type',
      'invalid_value',
      "Invalid value for 'response_format.type': 'xml'. Supported values are: 'text', 'json_object', 'json_schema'.",
    ],
    [
      'a stream that is text',
      { ...minimal, stream: 'true' },
      'stream',
      'invalid_type',
      "Invalid type for 'stream': expected a boolean, got a string.",
    ],
  ])('%s', (_name, body, param, reason, message) => {
    const error = failure(body);
    expect(error.data).toMatchObject({ code: 'invalid_request', reason });
    expect(error.data.param).toBe(param);
    if (message !== undefined) expect(error.message).toBe(message);
  });

  it('throws nothing but its own failure, whatever comes', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const message = fc.record(
      { role: fc.constantFrom('user', 'assistant', 'tool', 'x'), content: value, tool_calls: value },
      { requiredKeys: [] },
    );
    const fields = fc.record(Object.fromEntries(Object.keys(chatCompletionSchema.shape).map((name) => [name, value])), {
      requiredKeys: [],
    });
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
