import type { Usage } from '@sluice/contracts/chat-part';
import type { Part } from '@sluice/contracts/part';
import type { Transcript } from '@sluice/contracts/transcription';
import { encodeError } from './encode-error.js';
import { encodeSegment, encodeUsage } from './encode-transcript.js';
import { sseComment } from '@sluice/wire-sse/sse-encode';
import { frame } from './frame.js';

/** The answer as events. One that came whole is told in one delta, so that those who only add up deltas have it too. */
export function createTranscriptEncoder({ requestId }: { requestId: string }) {
  const state = { hasDeltas: false, segments: 0 };
  let transcript: Transcript | undefined;
  let usage: Usage | undefined;
  const finish = (): string => {
    if (!transcript) return '';
    const { text, logprobs } = transcript;
    const delta = state.hasDeltas ? '' : frame({ type: 'transcript.text.delta', delta: text });
    return delta + frame({ type: 'transcript.text.done', text, logprobs, usage: encodeUsage(usage, transcript) });
  };
  return {
    encode(part: Part): string {
      if (part.type === 'transcript') transcript = part.transcript;
      if (part.type === 'usage') usage = part.usage;
      if (part.type === 'transcript-delta') {
        state.hasDeltas = true;
        return frame({ type: 'transcript.text.delta', delta: part.text, logprobs: part.logprobs });
      }
      if (part.type === 'transcript-segment') {
        const segment = encodeSegment(part.segment, state.segments++);
        return frame({ ...segment, id: String(segment['id']), type: 'transcript.text.segment' });
      }
      if (part.type === 'succeeded') return finish();
      if (part.type === 'failed') return frame(encodeError(part.error, { requestId }).body);
      if (part.type === 'cancelled')
        return frame(encodeError({ code: 'cancelled', message: part.reason }, { requestId }).body);
      return '';
    },
    heartbeat: () => sseComment('ping'),
  };
}
