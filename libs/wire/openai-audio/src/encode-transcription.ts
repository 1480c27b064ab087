import type { Json } from '@sluice/contracts/json';
import type { TranscriptionRequest } from '@sluice/contracts/transcription';

const FORMATS = { text: 'json', timed: 'verbose_json', speakers: 'diarized_json' } as const;

/** The texts of the form for an upstream that speaks this dialect; the sound goes beside them as `file`. */
export function encodeTranscription(
  request: TranscriptionRequest,
  { model, isStreamed }: { model: string; isStreamed: boolean },
): [name: string, value: string][] {
  const { language, prompt, temperature, chunking, granularities = [], providerOptions } = request;
  const fields: [string, Json | undefined][] = [
    ['model', model],
    ['response_format', FORMATS[request.detail]],
    ['language', request.task === 'translate' ? undefined : language],
    ['prompt', prompt],
    ['temperature', temperature],
    ['chunking_strategy', chunking],
    ['stream', isStreamed || undefined],
    ...granularities.map((each): [string, Json] => ['timestamp_granularities[]', each]),
    ...(request.withLogprobs === true ? [['include[]', 'logprobs'] satisfies [string, Json]] : []),
  ];
  for (const [name, value] of Object.entries(providerOptions?.['openai'] ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) fields.push([name, each]);
  }
  return fields.flatMap(([name, value]) => (value == null ? [] : [[name, toText(value)]]));
}

function toText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
