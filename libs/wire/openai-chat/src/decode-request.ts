import type { ChatRequest, ResponseFormat, Sampling } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { refuseDeep } from '@sluice/wire-errors/refuse-deep';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { decodeGeminiOptions } from './decode-gemini-options.js';
import { decodeMessages } from './decode-messages.js';
import { decodeFunctionCall, decodeFunctions, decodeToolChoice, decodeTools } from './decode-tools.js';
import { present } from '@sluice/contracts/present';
import { chatCompletionSchema, type ChatCompletionBody } from './schema.js';

export interface DecodedRequest {
  request: ChatRequest;
  isStreamed: boolean;
  includeUsage: boolean;
  /** Asked with the deprecated `functions`: answer with `function_call`. */
  isLegacyFunctions: boolean;
  /** Fields that have no place in the internal form: they reach only an upstream that speaks this dialect. */
  ignored: string[];
  /** The body as it came. */
  native: JsonObject;
}

/** Throws `invalid_request` or `unsupported`, naming the field as the client wrote it. */
export function decodeRequest(body: unknown): DecodedRequest {
  refuseDeep(body);
  const parsed = chatCompletionSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const wire = parsed.data;
  const native = body as JsonObject;
  const ignored = ignoredFields(wire, native);
  return {
    request: decodeBody(wire, ignored),
    isStreamed: wire.stream ?? false,
    includeUsage: wire.stream_options?.include_usage ?? false,
    isLegacyFunctions: wire.tools == null && wire.functions != null,
    ignored,
    native,
  };
}

function decodeBody(wire: ChatCompletionBody, ignored: string[]): ChatRequest {
  return present({
    model: wire.model,
    messages: decodeMessages(wire.messages),
    tools: decodeTools(wire.tools, ignored) ?? decodeFunctions(wire.functions),
    toolChoice: decodeToolChoice(wire.tool_choice) ?? decodeFunctionCall(wire.function_call),
    parallelToolCalls: wire.parallel_tool_calls,
    reasoning: wire.reasoning_effort == null ? undefined : { effort: wire.reasoning_effort },
    responseFormat: decodeResponseFormat(wire.response_format),
    sampling: decodeSampling(wire),
    maxOutputTokens: wire.max_completion_tokens ?? wire.max_tokens,
    stop: typeof wire.stop === 'string' ? [wire.stop] : wire.stop,
    choices: wire.n,
    logprobs: decodeLogprobs(wire),
    audioOutput: decodeAudioOutput(wire),
    prediction: decodePrediction(wire.prediction),
    verbosity: wire.verbosity,
    serviceTier: wire.service_tier,
    cache: decodeCache(wire),
    webSearch: wire.web_search_options,
    moderation: wire.moderation,
    metadata: decodeMetadata(wire.metadata),
    endUser: wire.safety_identifier ?? wire.user,
    store: wire.store,
    providerOptions: decodeProviderOptions(wire),
  });
}

function decodeProviderOptions(wire: ChatCompletionBody): ChatRequest['providerOptions'] {
  const gemini = decodeGeminiOptions(wire);
  return gemini && { gemini };
}

const KNOWN_FIELDS = new Set(Object.keys(chatCompletionSchema.shape));

function ignoredFields(wire: ChatCompletionBody, native: JsonObject): string[] {
  const ignored = Object.keys(native).filter((name) => !KNOWN_FIELDS.has(name));
  if (wire.stream_options?.include_obfuscation != null) ignored.push('stream_options.include_obfuscation');
  if (wire.max_tokens != null && wire.max_completion_tokens != null) ignored.push('max_tokens');
  if (wire.user != null && wire.safety_identifier != null) ignored.push('user');
  if (wire.functions != null && wire.tools != null) ignored.push('functions');
  if (wire.function_call != null && wire.tool_choice != null) ignored.push('function_call');
  return ignored;
}

function decodeSampling(wire: ChatCompletionBody): Sampling | undefined {
  const sampling = present({
    temperature: wire.temperature,
    topP: wire.top_p,
    frequencyPenalty: wire.frequency_penalty,
    presencePenalty: wire.presence_penalty,
    logitBias: wire.logit_bias,
    seed: wire.seed,
  });
  return isEmpty(sampling) ? undefined : sampling;
}

function decodeResponseFormat(format: ChatCompletionBody['response_format']): ResponseFormat | undefined {
  if (format == null) return undefined;
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json' };
  const { name, description, schema, strict } = format.json_schema;
  return { type: 'json-schema', ...present({ name, description, schema, strict }) };
}

function decodeLogprobs(wire: ChatCompletionBody): { top: number } | undefined {
  if (wire.logprobs === true) return { top: wire.top_logprobs ?? 0 };
  if (wire.top_logprobs == null) return undefined;
  const message = "Invalid 'top_logprobs': it needs 'logprobs' to be true.";
  throw new GatewayError('invalid_request', message, { param: 'top_logprobs', reason: 'invalid_value' });
}

function decodeAudioOutput(wire: ChatCompletionBody): ChatRequest['audioOutput'] {
  if (wire.modalities?.includes('audio') !== true) return undefined;
  if (wire.audio != null) return wire.audio;
  const message = "Missing required parameter: 'audio'. It is needed where 'modalities' has 'audio'.";
  throw new GatewayError('invalid_request', message, { param: 'audio', reason: 'missing_required_parameter' });
}

function decodePrediction(prediction: ChatCompletionBody['prediction']): ChatRequest['prediction'] {
  if (prediction == null) return undefined;
  return typeof prediction.content === 'string' ? [{ type: 'text', text: prediction.content }] : prediction.content;
}

function decodeCache(wire: ChatCompletionBody): ChatRequest['cache'] {
  const cache = present({
    key: wire.prompt_cache_key,
    retention: wire.prompt_cache_retention,
    options: wire.prompt_cache_options,
  });
  return isEmpty(cache) ? undefined : cache;
}

const MAXIMUM_METADATA_PAIRS = 16;

function decodeMetadata(metadata: ChatCompletionBody['metadata']): ChatRequest['metadata'] {
  const count = metadata == null ? 0 : Object.keys(metadata).length;
  if (count <= MAXIMUM_METADATA_PAIRS) return metadata ?? undefined;
  const message = `Invalid 'metadata': too many properties. Expected at most ${MAXIMUM_METADATA_PAIRS}, but got ${count} instead.`;
  throw new GatewayError('invalid_request', message, { param: 'metadata', reason: 'object_above_max_properties' });
}

function isEmpty(members: object): boolean {
  return Object.keys(members).length === 0;
}
