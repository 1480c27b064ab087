import type { EmbedPart, EmbedRequest } from '@sluice/contracts/embedding';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { z } from 'zod';
import type { GeminiCredential } from './gemini.credential.js';
import { readToldFailure } from './gemini.error.js';
import { post, type ModelCall } from './gemini.request.js';

const MAXIMUM_ANSWER_BYTES = 128 * 1024 * 1024;

type Context = UpstreamContext<GeminiCredential>;

/** One text by the single call, more by the batch. */
export async function* embed(request: EmbedRequest, context: Context): AsyncGenerator<EmbedPart, void, undefined> {
  const response = await post(toCall(request, context), context);
  const json = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
  const failure = readToldFailure(json, context.clock.now());
  if (failure !== undefined) throw failure;
  yield* decode(json, { count: request.inputs.length, model: context.model });
}

function toCall(request: EmbedRequest, { model, native }: Context): ModelCall {
  if (native?.dialect === 'gemini-generate') return nativeCall(native.body, model);
  const requests = request.inputs.map((input, index) => encode(request, { text: textOf(input, index), model }));
  const [only] = requests;
  if (requests.length === 1 && only !== undefined) return { model, method: 'embedContent', body: only };
  return { model, method: 'batchEmbedContents', body: { requests } };
}

/** The client's own body, with the model changed in all the places that name it. */
function nativeCall(body: JsonObject, model: string): ModelCall {
  const { requests } = body;
  const named = { model: `models/${model}` };
  if (!Array.isArray(requests)) return { model, method: 'embedContent', body: { ...body, ...named } };
  const renamed = requests.map((each) => (isObject(each) ? { ...each, ...named } : each));
  return { model, method: 'batchEmbedContents', body: { ...body, requests: renamed } };
}

function encode(request: EmbedRequest, { text, model }: { text: string; model: string }): JsonObject {
  return {
    model: `models/${model}`,
    content: { parts: [{ text }] },
    ...(request.dimensions !== undefined && { outputDimensionality: request.dimensions }),
    ...request.providerOptions?.['gemini'],
  };
}

function textOf(input: string | number[], index: number): string {
  if (typeof input === 'string') return input;
  const param = `input[${index}]`;
  throw new GatewayError('unsupported', `${param}: this model takes text, not the numbers of tokens.`, { param });
}

const vectorSchema = z.object({ values: z.array(z.number()).min(1) });
const answerSchema = z.object({
  embedding: vectorSchema.optional(),
  embeddings: z.array(vectorSchema).optional(),
  usageMetadata: z.object({ promptTokenCount: z.int().nonnegative() }).optional().catch(undefined),
});

function* decode(json: Json, { count, model }: { count: number; model: string }): Generator<EmbedPart> {
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) throw badAnswer('The upstream sent something that is no embedding.');
  const { embedding, embeddings = embedding ? [embedding] : [], usageMetadata } = parsed.data;
  if (embeddings.length !== count)
    throw badAnswer(`The upstream sent ${embeddings.length} embeddings for ${count} inputs.`);
  yield { type: 'start', model };
  for (const [index, { values }] of embeddings.entries()) yield { type: 'embedding', index, base64: pack(values) };
  const tokens = usageMetadata?.promptTokenCount;
  if (tokens !== undefined)
    yield { type: 'usage', usage: { inputTokens: tokens, outputTokens: 0, totalTokens: tokens } };
}

function pack(values: readonly number[]): string {
  const bytes = Buffer.alloc(values.length * Float32Array.BYTES_PER_ELEMENT);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT));
  return bytes.toString('base64');
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badAnswer(message: string): GatewayError {
  return new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
}
