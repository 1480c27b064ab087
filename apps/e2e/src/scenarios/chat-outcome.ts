import { findFlaws } from '../cases/clean-stream.js';
import { readChat } from '../harness/chat-stream.js';
import type { ChatCall } from '../harness/chat-stream.js';
import { openChat } from '../harness/chat-stream.js';
import { readText } from '../harness/http-call.js';
import { readFrames } from '../harness/read-frames.js';
import type { Frame } from '../harness/read-frames.js';

/** How a chat ended for its client. All but `broken` are proper ends. */
export interface ChatOutcome {
  type: 'answered' | 'refused' | 'error in stream' | 'disconnected' | 'broken';
  detail: string;
  tookMs: number;
}

/** Follows one streamed chat to its end, whichever it is; never throws. */
export async function chatOutcome(
  call: ChatCall,
  expected: { text: string; onFrame?: (count: number) => void },
): Promise<ChatOutcome> {
  const startedAt = performance.now();
  const end = (type: ChatOutcome['type'], detail = '') => ({ type, detail, tookMs: performance.now() - startedAt });
  const frames: Frame[] = [];
  try {
    const { status, headers, body } = await openChat(call);
    if (status !== 200) return end(...refusal(status, await readText(body)));
    for await (const frame of readFrames(body)) {
      frames.push(frame);
      expected.onFrame?.(frames.length);
    }
    const stream = { status, headers, headersAtMs: 0, frames, refusal: '', ...readChat(frames) };
    if (stream.error) return end('error in stream', stream.error.code ?? stream.error.message);
    const flaws = [
      ...findFlaws(stream, { isUsageAsked: false }),
      ...(stream.text === expected.text ? [] : [`text: ${stream.text}`]),
    ];
    return flaws.length === 0 ? end('answered') : end('broken', flaws.join('; '));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return /^(ECONN|UND_ERR_SOCKET|EPIPE)/.test(code) ? end('disconnected', code) : end('broken', String(error));
  }
}

function refusal(status: number, text: string): [ChatOutcome['type'], string] {
  const isProper = status >= 400 && /^\{"error":\{"message":"[^"]+"/.test(text);
  return isProper ? ['refused', String(status)] : ['broken', `${status} ${text.slice(0, 200)}`];
}
