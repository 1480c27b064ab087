import type { ChatRequest, Reasoning, ResponseFormat } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { assertInlineSize } from './assert-inline-size.js';
import { camelCased } from './camel-case.js';
import { encodeContents } from './encode-contents.js';
import { encodeThinking } from './encode-thinking.js';
import { encodeToolChoice, encodeTools } from './encode-tools.js';
import { reduceSchema } from './json-schema.js';
import { mergeAnswers } from './merge-answers.js';
import { modelFamily } from './model-family.js';
import { repairSignatures } from './thought-signature.js';
import { encodeVoice } from './voice.js';

export interface EncodeRequestOptions {
  /** What the model is called at the upstream, with or without `models/`: it decides how thinking is asked for. */
  model: string;
  /** The client's own body where it spoke this dialect: the whole of it goes on. */
  native?: JsonObject;
  /** For a client's own body: how the operator wants the model to think, instead of what it says. */
  reasoning?: Reasoning | undefined;
}

/** The body for `generateContent` and `streamGenerateContent`, which have the same. */
export function encodeRequest(request: ChatRequest, { model, native, reasoning }: EncodeRequestOptions): JsonObject {
  const body = native === undefined ? encodeBody(request, model) : thinking(native, { model, reasoning });
  const { contents } = body;
  if (!Array.isArray(contents)) return body;
  const merged = mergeAnswers(contents.filter(isJsonObject));
  const isSigning = modelFamily(model).generation >= FIRST_SIGNING_GENERATION;
  return { ...body, contents: isSigning ? repairSignatures(merged) : merged };
}

const FIRST_SIGNING_GENERATION = 3;

function thinking(native: JsonObject, { model, reasoning }: Omit<EncodeRequestOptions, 'native'>): JsonObject {
  const told = reasoning && encodeThinking({ includeText: false, ...reasoning }, model);
  if (told === undefined) return native;
  const wire = camelCased(native) as JsonObject;
  const config = isJsonObject(wire['generationConfig']) ? wire['generationConfig'] : {};
  return { ...wire, generationConfig: { ...config, thinkingConfig: told } };
}

function encodeBody(request: ChatRequest, model: string): JsonObject {
  refuseUnknown(request);
  assertInlineSize(request);
  const { contents, systemInstruction } = encodeContents(request.messages, model);
  const { generationConfig, tools: ownTools, ...own } = request.providerOptions?.['gemini'] ?? {};
  const tools = [...(encodeTools(request) ?? []), ...(Array.isArray(ownTools) ? ownTools : [])];
  const config = pruned({ ...encodeConfig(request, model), ...(isJsonObject(generationConfig) && generationConfig) });
  return {
    contents,
    systemInstruction,
    tools: tools.length === 0 ? undefined : tools,
    toolConfig: encodeToolChoice(request.toolChoice),
    generationConfig: Object.keys(config).length === 0 ? undefined : config,
    serviceTier: request.serviceTier && TIERS.get(request.serviceTier),
    ...own,
  };
}

/** Nothing that was not asked for: newer models refuse or regret defaults. */
function encodeConfig(request: ChatRequest, model: string): JsonObject {
  const { sampling, logprobs, responseFormat, reasoning, audioOutput } = request;
  return {
    temperature: sampling?.temperature,
    topP: sampling?.topP,
    topK: sampling?.topK,
    frequencyPenalty: sampling?.frequencyPenalty,
    presencePenalty: sampling?.presencePenalty,
    seed: sampling?.seed,
    maxOutputTokens: request.maxOutputTokens,
    stopSequences: request.stop,
    candidateCount: request.choices === 1 ? undefined : request.choices,
    responseLogprobs: logprobs && true,
    logprobs: logprobs?.top,
    ...(responseFormat && encodeFormat(responseFormat)),
    thinkingConfig: reasoning && encodeThinking(reasoning, model),
    ...(audioOutput && { responseModalities: ['AUDIO'], speechConfig: encodeVoice(audioOutput.voice) }),
  };
}

function encodeFormat(format: ResponseFormat): JsonObject {
  if (format.type === 'text') return {};
  const schema = format.type === 'json-schema' ? format.schema : undefined;
  return { responseMimeType: 'application/json', responseJsonSchema: schema && reduceSchema(schema) };
}

const TIERS = new Map(
  Object.entries<string>({ default: 'standard', standard: 'standard', flex: 'flex', priority: 'priority' }),
);

/** What would change the answer and has no word here is refused; what is only a hint is left out. */
function refuseUnknown({ sampling }: ChatRequest): void {
  if (sampling?.logitBias !== undefined && Object.keys(sampling.logitBias).length > 0) throw unsupported('logit_bias');
}

function unsupported(param: string): GatewayError {
  return new GatewayError('unsupported', `'${param}' is not supported by this model.`, { param });
}

function pruned(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
