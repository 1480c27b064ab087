import type { JsonObject } from '@sluice/contracts/json';
import type { SpeechRequest } from '@sluice/contracts/speech';

/** The body for an upstream that speaks this dialect. The sound is always asked for as bytes: not all know events. */
export function encodeSpeech(
  request: SpeechRequest,
  { model, native }: { model: string; native?: JsonObject },
): JsonObject {
  const { stream_format: _streamFormat, ...body } = native ?? {
    input: request.input,
    voice: request.voice,
    instructions: request.instructions,
    response_format: request.format,
    speed: request.speed,
  };
  return { ...body, model };
}
