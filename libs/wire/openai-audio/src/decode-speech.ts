import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { SpeechRequest } from '@sluice/contracts/speech';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { speechSchema } from './speech-schema.js';

export interface DecodedSpeech {
  request: SpeechRequest;
  /** Told as events instead of as the bytes themselves. */
  isEvents: boolean;
  /** Fields that have no place in the internal form: they reach only an upstream that speaks this dialect. */
  ignored: string[];
  /** The body as it came. */
  native: JsonObject;
}

/** Throws `invalid_request`, naming the field as the client wrote it. */
export function decodeSpeech(body: unknown): DecodedSpeech {
  const parsed = speechSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const {
    model,
    input,
    voice,
    instructions,
    response_format: format,
    speed,
    stream_format: streamFormat,
  } = parsed.data;
  const native = body as JsonObject;
  return {
    request: { model, input, voice, format: format ?? 'mp3', ...present({ instructions, speed }) },
    isEvents: streamFormat === 'sse',
    ignored: Object.keys(native).filter((name) => !KNOWN_FIELDS.has(name)),
    native,
  };
}

const KNOWN_FIELDS = new Set(Object.keys(speechSchema.shape));
