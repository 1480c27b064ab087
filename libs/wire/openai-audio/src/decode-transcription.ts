import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { TranscriptionRequest } from '@sluice/contracts/transcription';
import { schemaError } from '@sluice/wire-errors/schema-error';
import type { z } from 'zod';
import { LIST_FIELDS, transcriptionSchema, type TranscriptionFormat } from './transcription-schema.js';

/** A multipart form that was read: its texts by name, and the sound. */
export interface TranscriptionForm {
  fields: ReadonlyMap<string, readonly string[]>;
  audio: StoredMedia;
  task: TranscriptionRequest['task'];
}

export interface DecodedTranscription {
  request: TranscriptionRequest;
  format: TranscriptionFormat;
  isStreamed: boolean;
  /** Fields that reach only an upstream that speaks this dialect. */
  ignored: string[];
}

const DETAILS: Readonly<Record<TranscriptionFormat, TranscriptionRequest['detail']>> = {
  json: 'text',
  text: 'text',
  srt: 'timed',
  vtt: 'timed',
  verbose_json: 'timed',
  diarized_json: 'speakers',
};

/** Throws `invalid_request`, naming the field as the client wrote it. */
export function decodeTranscription({ fields, audio, task }: TranscriptionForm): DecodedTranscription {
  const { known, others } = sort(fields);
  const parsed = transcriptionSchema.safeParse(known);
  if (!parsed.success) throw schemaError(parsed.error, known);
  const form = parsed.data;
  const isStreamed = form.stream ?? false;
  const detail = DETAILS[form.response_format];
  if (isStreamed && detail === 'timed') throw invalid('stream', `is not possible with '${form.response_format}'`);
  const granularities = form.timestamp_granularities;
  if (granularities && form.response_format !== 'verbose_json')
    throw invalid('timestamp_granularities', "needs response_format 'verbose_json'");
  const { model, language, prompt, temperature, chunking_strategy: chunking } = form;
  return {
    request: {
      model,
      audio,
      task,
      detail,
      ...present({ language, prompt, temperature, granularities }),
      ...(form.include?.includes('logprobs') === true && { withLogprobs: true }),
      ...(chunking !== undefined && { chunking: decodeChunking(chunking) }),
      ...(Object.keys(others).length > 0 && { providerOptions: { openai: others } }),
    },
    format: form.response_format,
    isStreamed,
    ignored: Object.keys(others),
  };
}

function sort(fields: TranscriptionForm['fields']): { known: Record<string, unknown>; others: JsonObject } {
  const known: Record<string, unknown> = {};
  const others: JsonObject = {};
  for (const [written, values] of fields) {
    const name = written.replace(/\[\d*\]$/, '');
    if (LIST_FIELDS.has(name)) known[name] = [...((known[name] as string[] | undefined) ?? []), ...values];
    else if (Object.hasOwn(SHAPE, name)) known[name] = values.at(-1);
    else others[written] = [...values];
  }
  return { known, others };
}

const SHAPE: Readonly<Record<string, z.ZodType>> = transcriptionSchema.shape;

/** `auto`, or an object written as JSON. */
function decodeChunking(text: string): string | JsonObject {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    const read: unknown = JSON.parse(text);
    if (isJsonObject(read)) return read;
  } catch {
    // Told below.
  }
  throw invalid('chunking_strategy', "must be 'auto' or a JSON object");
}

function invalid(field: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `Invalid '${field}': it ${problem}.`, {
    param: field,
    reason: 'invalid_value',
  });
}
