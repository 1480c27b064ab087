import type { Part } from '@sluice/contracts/part';
import { encodeFrame, type ResponseFrame } from './encode-frame.js';
import { createStreamEncoder, type StreamContext } from './encode-stream.js';
import { parseRequest } from './parse-request.js';

export const ID = `resp_${'0'.repeat(31)}1`;

export interface SentEvent {
  type: string;
  sequence_number: number;
  [member: string]: unknown;
}

export const estimate = { inputTokens: () => 7, tokensOf: (text: string) => text.length };

export function frameFor(body: object = {}): ResponseFrame {
  return encodeFrame(parseRequest({ model: 'asked', input: 'hi', ...body }).body, { id: ID, createdSeconds: 100 });
}

export function streamOf(parts: readonly Part[], context: Partial<StreamContext> = {}): string {
  const encoder = createStreamEncoder({ frame: frameFor(), nowSeconds: () => 200, estimate, ...context });
  return parts.map((part) => encoder.encode(part)).join('');
}

export function eventsOf(text: string): SentEvent[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => {
      const [head = '', data = ''] = frame.split('\n');
      const event = JSON.parse(data.slice('data: '.length)) as SentEvent;
      if (head !== `event: ${event.type}`) throw new Error(`frame of another name: ${frame}`);
      return event;
    });
}

/** What the last event says was answered. */
export function outputOf(events: readonly SentEvent[]): { type: string; [member: string]: unknown }[] {
  const { output } = (events.at(-1)?.['response'] ?? {}) as { output?: { type: string }[] };
  return output ?? [];
}

export const attempt: Part = { type: 'attempt', attempt: 1, upstream: 'openai', model: 'real', credentialId: 'c' };
export const start: Part = { type: 'start', model: 'real-1' };
export const done: Part = { type: 'succeeded' };
export const text = (value: string): Part => ({ type: 'text-delta', choice: 0, text: value });
export const thought = (value: string): Part => ({ type: 'reasoning-delta', choice: 0, text: value });
export const signature = (value: string): Part => ({ type: 'reasoning-signature', choice: 0, signature: value });
export const call = (index: number, name = `tool${index}`): Part => ({
  type: 'tool-input-start',
  choice: 0,
  index,
  id: `call_${index}`,
  name,
});
export const input = (index: number, delta: string): Part => ({ type: 'tool-input-delta', choice: 0, index, delta });
export const finish = (reason: 'stop' | 'length' | 'tool-calls' | 'content-filter' = 'stop'): Part => ({
  type: 'finish',
  choice: 0,
  reason,
});
export const usage: Part = {
  type: 'usage',
  usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15, cachedInputTokens: 4, reasoningTokens: 2 },
};
