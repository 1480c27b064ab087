import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import { decodeStream as decodeGenerate } from '@sluice/wire-gemini-generate/decode-stream';
import { encodeRequest as encodeGenerate } from '@sluice/wire-gemini-generate/encode-request';
import { aliasTools } from '@sluice/wire-gemini-generate/tool-aliases';
import { decodeStream as decodeChat } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest as encodeChat } from '@sluice/wire-openai-chat/encode-request';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { answerPlan } from './answer-plan.js';
import { chatEvents } from './chat-events.js';
import { generateEvents } from './generate-events.js';

/** A dialect as it is spoken to upstreams. */
export interface BenchUpstream {
  name: string;
  encode(request: ChatRequest): JsonObject;
  /** The data of an answer's events. */
  events: readonly string[];
  decodeStream(events: AsyncIterable<SseEvent>): AsyncIterable<ChatPart>;
}

export const upstreams: readonly BenchUpstream[] = [
  {
    name: 'openai-chat',
    encode: (request) => encodeChat(request, { model: 'bench', isStreamed: true }),
    events: chatEvents(answerPlan),
    decodeStream: (events) => decodeChat(events, { callIdSeed: 'bench' }),
  },
  {
    name: 'gemini-generate',
    encode: (request) => encodeGenerate(aliasTools(request).request, { model: 'gemini-3-pro' }),
    events: generateEvents(answerPlan),
    decodeStream: (events) => decodeGenerate(events, { callIdSeed: 'bench' }),
  },
];
