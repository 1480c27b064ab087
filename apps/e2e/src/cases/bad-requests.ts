/** What a client can get wrong, and what it is told: the SDK's class, status, code and field. */
export interface BadRequest {
  title: string;
  body: Record<string, unknown>;
  status: number;
  errorClass: 'BadRequestError' | 'NotFoundError' | 'AuthenticationError' | 'APIError';
  code: string | null;
  param: string | null;
  message: RegExp;
}

const messages = [{ role: 'user', content: 'hello' }];

function wrongType(
  param: string,
  change: Record<string, unknown>,
  message: RegExp = /^Invalid type for '/,
): BadRequest {
  return { ...base(`a wrong type of ${param}`, change), code: 'invalid_type', param, message };
}

function wrongValue(param: string, code: string, change: Record<string, unknown>): BadRequest {
  return { ...base(`a wrong value of ${param}`, change), code, param, message: /^(Invalid|Missing)/ };
}

function base(title: string, change: Record<string, unknown>) {
  return {
    title,
    body: { model: 'sim-chat', messages, ...change },
    status: 400,
    errorClass: 'BadRequestError' as const,
  };
}

const call = (id: unknown) => [...messages, { role: 'assistant', content: null, tool_calls: id }];

export const BAD_REQUESTS: readonly BadRequest[] = [
  wrongType('model', { model: 7 }),
  wrongType('messages', { messages: 'hello' }),
  wrongType('messages[0].content', { messages: [{ role: 'user', content: 5 }] }),
  wrongType('messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text', text: 1 }] }] }),
  wrongType('messages[1].tool_calls', { messages: call('none') }),
  wrongType('temperature', { temperature: 'hot' }),
  wrongType('top_p', { top_p: [] }),
  wrongType('n', { n: '2' }),
  wrongType('max_tokens', { max_tokens: '10' }),
  wrongType('max_completion_tokens', { max_completion_tokens: {} }),
  wrongType('stream', { stream: 'yes' }),
  wrongType('stream_options', { stream: true, stream_options: 'usage' }),
  wrongType('stream_options.include_usage', { stream: true, stream_options: { include_usage: 'yes' } }),
  wrongType('stop', { stop: 5 }),
  wrongType('seed', { seed: 'lucky' }),
  wrongType('tools', { tools: {} }),
  wrongType('tools[0].function.name', { tools: [{ type: 'function', function: { name: 9 } }] }),
  wrongType('parallel_tool_calls', { parallel_tool_calls: 'no' }),
  wrongType('logit_bias', { logit_bias: [] }),
  wrongType('logprobs', { logprobs: 1 }),
  wrongType('top_logprobs', { logprobs: true, top_logprobs: 'all' }),
  wrongType('frequency_penalty', { frequency_penalty: 'low' }),
  wrongType('presence_penalty', { presence_penalty: false }),
  wrongType('metadata', { metadata: 'tag' }),
  wrongType('user', { user: 12 }),
  wrongType('store', { store: 'yes' }),
  wrongType('audio', { audio: 'wav' }),
  wrongType('modalities', { modalities: 'text' }),
  wrongType('functions', { functions: {} }),
  wrongType('prediction', { prediction: 'this' }),
  wrongType('prompt_cache_key', { prompt_cache_key: 1 }),
  wrongType('reasoning_effort', { reasoning_effort: 3 }),
  wrongType('response_format', { response_format: 'json' }),
  wrongType('safety_identifier', { safety_identifier: {} }),
  wrongType('service_tier', { service_tier: true }),
  wrongType('verbosity', { verbosity: 0 }),
  wrongType('web_search_options', { web_search_options: 'on' }),
  wrongType('tool_choice', { tools: [], tool_choice: 5 }),
  wrongType('function_call', { functions: [{ name: 'a' }], function_call: 5 }),
  wrongValue('messages', 'empty_array', { messages: [] }),
  wrongValue('messages', 'missing_required_parameter', { messages: undefined }),
  wrongValue('model', 'missing_required_parameter', { model: undefined }),
  wrongValue('messages[0].role', 'invalid_value', { messages: [{ role: 'robot', content: 'x' }] }),
  wrongValue('reasoning_effort', 'invalid_value', { reasoning_effort: 'enormous' }),
  wrongValue('temperature', 'decimal_above_max_value', { temperature: 2.5 }),
  wrongValue('n', 'integer_below_min_value', { n: 0 }),
  wrongValue('response_format.type', 'invalid_value', { response_format: { type: 'xml' } }),
  {
    title: 'an unknown model',
    body: { model: 'no-such-model', messages },
    status: 404,
    errorClass: 'NotFoundError',
    code: 'model_not_found',
    param: 'model',
    message: /no-such-model/,
  },
];
