import type { ChatRequest, Reasoning, ResponseFormat, Tool, ToolChoice } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import { createHash } from 'node:crypto';
import { encodeMessages } from './encode-messages.js';

export interface EncodeRequestOptions {
  /** What the model is called at the upstream. */
  model: string;
  isStreamed: boolean;
  /** The client's own body where it spoke this dialect: the whole of it goes on. */
  native?: JsonObject;
}

/** The body for an upstream that speaks this dialect. Usage is asked for in every stream, whatever the client wanted. */
export function encodeRequest(request: ChatRequest, { model, isStreamed, native }: EncodeRequestOptions): JsonObject {
  const { stream_options: options, ...body } = native ?? encodeBody(request);
  body['model'] = model;
  body['stream'] = isStreamed;
  if (isStreamed) body['stream_options'] = { ...(options as JsonObject | null | undefined), include_usage: true };
  return body;
}

function encodeBody(request: ChatRequest): JsonObject {
  const { sampling, cache, logprobs, audioOutput } = request;
  return {
    messages: encodeMessages(request.messages),
    tools: request.tools?.map(encodeTool),
    tool_choice: request.toolChoice && encodeToolChoice(request.toolChoice),
    parallel_tool_calls: request.parallelToolCalls,
    reasoning_effort: request.reasoning && encodeEffort(request.reasoning),
    response_format: request.responseFormat && encodeResponseFormat(request.responseFormat),
    temperature: sampling?.temperature,
    top_p: sampling?.topP,
    top_k: sampling?.topK,
    frequency_penalty: sampling?.frequencyPenalty,
    presence_penalty: sampling?.presencePenalty,
    logit_bias: sampling?.logitBias,
    seed: sampling?.seed,
    max_completion_tokens: request.maxOutputTokens,
    stop: request.stop,
    n: request.choices,
    logprobs: logprobs && true,
    top_logprobs: logprobs?.top,
    modalities: audioOutput && ['text', 'audio'],
    audio: audioOutput,
    prediction: request.prediction && {
      type: 'content',
      content: request.prediction.map(({ text }) => ({ type: 'text', text })),
    },
    verbosity: request.verbosity,
    service_tier: request.serviceTier,
    prompt_cache_key: cache?.key,
    prompt_cache_retention: cache?.retention,
    prompt_cache_options: cache?.options,
    web_search_options: request.webSearch,
    moderation: request.moderation,
    metadata: request.metadata,
    safety_identifier: request.endUser === undefined ? undefined : encodeEndUser(request.endUser),
    store: request.store,
    ...request.providerOptions?.['openai'],
  };
}

/** This dialect has words where others count tokens. A budget of 0 is left out: most models have no word for it. */
function encodeEffort({ effort, budgetTokens = 0 }: Reasoning): string | undefined {
  if (effort !== undefined || budgetTokens === 0) return effort;
  if (budgetTokens < MEDIUM_BUDGET_TOKENS) return 'low';
  return budgetTokens < HIGH_BUDGET_TOKENS ? 'medium' : 'high';
}

const MEDIUM_BUDGET_TOKENS = 4_096;
const HIGH_BUDGET_TOKENS = 16_384;
const LONGEST_END_USER = 64;

/** A name that is too long for OpenAI still names the same user. */
function encodeEndUser(name: string): string {
  return name.length <= LONGEST_END_USER ? name : createHash('sha256').update(name).digest('hex');
}

function encodeTool(tool: Tool): JsonObject {
  if (tool.type === 'custom') {
    const { name, description, format } = tool;
    return { type: 'custom', custom: { name, description, format } };
  }
  const { name, description, inputSchema, strict } = tool;
  return { type: 'function', function: { name, description, parameters: inputSchema, strict } };
}

function encodeToolChoice(choice: ToolChoice): JsonObject | string {
  if (choice.type === 'allowed') {
    return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: choice.tools } };
  }
  if (choice.type !== 'tool') return choice.type;
  const named = { name: choice.name };
  return choice.custom === true ? { type: 'custom', custom: named } : { type: 'function', function: named };
}

function encodeResponseFormat(format: ResponseFormat): JsonObject {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json') return { type: 'json_object' };
  const { name, description, schema, strict } = format;
  return { type: 'json_schema', json_schema: { name, description, schema, strict } };
}
