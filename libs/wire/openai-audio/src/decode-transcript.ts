import type { Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject, jsonObjectSchema } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import type { TranscriptionPart, TranscriptSegment } from '@sluice/contracts/transcription';
import { z } from 'zod';

const usageSchema = z.looseObject({
  type: z.string().nullish(),
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  total_tokens: z.number().nullish(),
  seconds: z.number().nullish(),
});

const segmentSchema = z.looseObject({
  start: z.number(),
  end: z.number(),
  text: z.string(),
  speaker: z.string().nullish(),
});

/** Only what is used: a vendor that adds to it is fine. */
const transcriptSchema = z.object({
  text: z.string(),
  language: z.string().nullish(),
  duration: z.union([z.number(), z.string().transform(Number)]).nullish(),
  segments: z.array(segmentSchema).nullish(),
  words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).nullish(),
  logprobs: z.array(jsonObjectSchema).nullish(),
  usage: usageSchema.nullish(),
});

/** The parts of a whole answer; also of the last event of a stream. */
export function decodeTranscript(json: Json): TranscriptionPart[] {
  const parsed = transcriptSchema.safeParse(json);
  if (!parsed.success) throw badAnswer('The upstream sent something that is no transcript.');
  const { text, language, duration, segments, words, logprobs, usage } = parsed.data;
  const transcript = {
    text,
    ...present({ language, logprobs, durationSeconds: duration ?? usage?.seconds }),
    ...(segments && { segments: segments.map(decodeSegment) }),
    ...(words && { words: words.map(({ word, start, end }) => ({ word, startSeconds: start, endSeconds: end })) }),
  };
  const tokens = decodeUsage(usage);
  return [{ type: 'transcript', transcript }, ...(tokens ? [{ type: 'usage', usage: tokens } as const] : [])];
}

/** The parts of one event of a streamed answer; none for an event that says nothing to us. */
export function decodeTranscriptEvent(json: Json): TranscriptionPart[] {
  if (!isJsonObject(json)) throw badAnswer('The upstream sent an event that is no part of a transcript.');
  const { type, delta, logprobs } = json;
  if (type === 'transcript.text.delta' && typeof delta === 'string') {
    return [{ type: 'transcript-delta', text: delta, ...(Array.isArray(logprobs) && { logprobs: objects(logprobs) }) }];
  }
  if (type === 'transcript.text.segment') {
    const segment = segmentSchema.safeParse(json);
    return segment.success ? [{ type: 'transcript-segment', segment: decodeSegment(segment.data) }] : [];
  }
  return type === 'transcript.text.done' ? decodeTranscript(json) : [];
}

function decodeSegment({ start, end, text, speaker, ...rest }: z.infer<typeof segmentSchema>): TranscriptSegment {
  const { type: _type, ...extra } = rest;
  return {
    startSeconds: start,
    endSeconds: end,
    text,
    ...(speaker != null && { speaker }),
    ...(Object.keys(extra).length > 0 && { extra: extra as JsonObject }),
  };
}

function decodeUsage(usage: z.infer<typeof usageSchema> | null | undefined): Usage | undefined {
  if (usage?.input_tokens == null && usage?.output_tokens == null) return undefined;
  const inputTokens = usage.input_tokens ?? 0;
  const outputTokens = usage.output_tokens ?? 0;
  return { inputTokens, outputTokens, totalTokens: usage.total_tokens ?? inputTokens + outputTokens };
}

function objects(values: Json[]): JsonObject[] {
  return values.filter(isJsonObject);
}

function badAnswer(message: string): GatewayError {
  return new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
}
