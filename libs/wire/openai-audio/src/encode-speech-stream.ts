import type { Usage } from '@sluice/contracts/chat-part';
import type { Part } from '@sluice/contracts/part';
import { encodeError } from './encode-error.js';
import { sseComment } from '@sluice/wire-sse/sse-encode';
import { frame } from './frame.js';

/** `stream_format: "sse"`: the sound in base64, then what it cost. */
export function createSpeechEncoder({ requestId }: { requestId: string }) {
  let usage: Usage | undefined;
  return {
    encode(part: Part): string {
      if (part.type === 'speech-delta') return frame({ type: 'speech.audio.delta', audio: part.base64 });
      if (part.type === 'usage') usage = part.usage;
      if (part.type === 'succeeded') return frame({ type: 'speech.audio.done', usage: encodeUsage(usage) });
      if (part.type === 'failed') return frame(encodeError(part.error, { requestId }).body);
      if (part.type === 'cancelled')
        return frame(encodeError({ code: 'cancelled', message: part.reason }, { requestId }).body);
      return '';
    },
    heartbeat: () => sseComment('ping'),
  };
}

function encodeUsage({ inputTokens, outputTokens, totalTokens }: Usage = NOTHING) {
  return { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: totalTokens };
}

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
