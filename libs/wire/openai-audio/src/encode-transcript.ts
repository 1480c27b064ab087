import type { Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { Transcript, TranscriptionRequest, TranscriptSegment } from '@sluice/contracts/transcription';

/** The answer as `json`, `verbose_json` or `diarized_json`. */
export function encodeTranscript(
  parts: readonly Part[],
  { detail, task }: Pick<TranscriptionRequest, 'detail' | 'task'>,
): JsonObject {
  const transcript = transcriptOf(parts);
  const { text, language, durationSeconds, segments, words, logprobs } = transcript;
  const usage = encodeUsage(usageOf(parts), transcript);
  if (detail === 'text') return { text, logprobs, usage };
  return {
    task,
    language,
    duration: durationSeconds,
    text,
    segments: segments?.map(encodeSegment),
    words: words?.map(({ word, startSeconds, endSeconds }) => ({ word, start: startSeconds, end: endSeconds })),
    usage,
  };
}

function transcriptOf(parts: readonly Part[]): Transcript {
  const found = parts.find((part) => part.type === 'transcript');
  if (found) return found.transcript;
  throw new GatewayError('upstream_bad_answer', 'The upstream sent no transcript.', { saw: 'unknown' });
}

function usageOf(parts: readonly Part[]): Usage | undefined {
  return parts.findLast((part) => part.type === 'usage')?.usage;
}

/** In tokens where the upstream counts them, else by the length of the sound. */
export function encodeUsage(usage: Usage | undefined, { durationSeconds }: Transcript): JsonObject | undefined {
  if (usage) {
    const { inputTokens, outputTokens, totalTokens } = usage;
    return { type: 'tokens', input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: totalTokens };
  }
  return durationSeconds === undefined ? undefined : { type: 'duration', seconds: Math.ceil(durationSeconds) };
}

export function encodeSegment(segment: TranscriptSegment, index: number): JsonObject {
  const { startSeconds, endSeconds, text, speaker, extra } = segment;
  return { id: index, ...extra, start: startSeconds, end: endSeconds, text, speaker };
}
