import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';
import type { JobStep, MadeFile } from '@sluice/upstream-kit/job';
import { readVendorError, toFailure } from '@sluice/wire-openai-chat/decode-error';

/** What all steps of one call share. */
export interface ImageWork {
  operation: Operation;
  nowMs: number;
}

/** OpenAI's own addresses live for an hour; other vendors' are no older. */
const LINK_LIFE_MS = 60 * 60_000;

/** The pictures of a whole answer, or of the last events of a stream: what was said about them all comes from `answer`. */
export function decodeImages(
  { images, answer }: { images: readonly Json[]; answer: JsonObject },
  { operation, nowMs }: ImageWork,
): Extract<JobStep, { type: 'done' }> {
  const made = images.flatMap((one) => {
    const file = isJsonObject(one) ? fileOf(one, { role: 'result', nowMs }) : undefined;
    return file ? [{ file, prompt: isJsonObject(one) ? textOf(one['revised_prompt']) : undefined }] : [];
  });
  if (made.length === 0)
    throw new GatewayError('upstream_bad_answer', 'The upstream sent an answer without a picture.', { saw: 'unknown' });
  const prompts = made.map(({ prompt }) => prompt ?? null);
  const facts = {
    ...(prompts.some((prompt) => prompt !== null) && { revisedPrompts: prompts }),
    ...factsOf(answer),
  };
  return { type: 'done', operation, files: made.map(({ file }) => file), facts };
}

/** The list of pictures in a whole answer; an error told with a 200 is thrown. */
export function imagesIn(json: Json): { images: readonly Json[]; answer: JsonObject } {
  const failure = readVendorError(json);
  if (failure !== undefined) throw toFailure(failure);
  const images = isJsonObject(json) ? json['data'] : undefined;
  if (isJsonObject(json) && Array.isArray(images)) return { images, answer: json };
  throw new GatewayError('upstream_bad_answer', 'The upstream sent something that is no list of pictures.', {
    saw: 'unknown',
  });
}

/** The bytes, or where they lie; undefined for what is neither. */
export function fileOf(
  { b64_json: base64, url }: JsonObject,
  { role, nowMs }: { role: MadeFile['role']; nowMs: number },
): MadeFile | undefined {
  if (typeof base64 === 'string' && base64 !== '') return { role, bytes: bytesOf(base64) };
  if (typeof url !== 'string') return undefined;
  if (url.startsWith('data:')) return { role, bytes: bytesOf(url) };
  const isLink = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return isLink ? { role, url, needsCredential: false, expiresAtMs: nowMs + LINK_LIFE_MS } : undefined;
}

/** Some vendors write a whole data URL where the bytes belong. What is no base64 is no picture either, which the runtime sees. */
function bytesOf(base64: string): Uint8Array {
  return Buffer.from(base64.startsWith('data:') ? base64.slice(base64.indexOf(',') + 1) : base64, 'base64');
}

function factsOf(answer: JsonObject): JsonObject {
  const { size, quality, output_format: outputFormat, background, usage } = answer;
  return present({
    size: textOf(size),
    quality: textOf(quality),
    outputFormat: textOf(outputFormat),
    background: textOf(background),
    usage: isJsonObject(usage) ? usageOf(usage) : undefined,
  });
}

function usageOf(usage: JsonObject): JsonObject | undefined {
  const details = isJsonObject(usage['input_tokens_details']) ? usage['input_tokens_details'] : {};
  const found = present({
    inputTokens: countOf(usage['input_tokens']),
    outputTokens: countOf(usage['output_tokens']),
    totalTokens: countOf(usage['total_tokens']),
    imageInputTokens: countOf(details['image_tokens']),
    textInputTokens: countOf(details['text_tokens']),
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

function countOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
