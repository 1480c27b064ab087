import type { ChatRequest } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import { decodeRequest as decodeMessages } from '@sluice/wire-anthropic-messages/decode-request';
import { createStreamEncoder as createMessagesEncoder } from '@sluice/wire-anthropic-messages/encode-stream';
import { decodeRequest as decodeGenerate } from '@sluice/wire-gemini-generate/decode-request';
import { createStreamEncoder as createGenerateEncoder } from '@sluice/wire-gemini-generate/encode-stream';
import { decodeRequest as decodeChat } from '@sluice/wire-openai-chat/decode-request';
import { createStreamEncoder as createChatEncoder } from '@sluice/wire-openai-chat/encode-stream';
import { decodeRequest as decodeResponses } from '@sluice/wire-openai-responses/decode-request';
import { encodeFrame } from '@sluice/wire-openai-responses/encode-frame';
import { createStreamEncoder as createResponsesEncoder } from '@sluice/wire-openai-responses/encode-stream';
import { parseRequest } from '@sluice/wire-openai-responses/parse-request';
import { chatBody } from './chat-body.js';
import type { Conversation } from './conversation.js';
import { generateBody } from './generate-body.js';
import { messagesBody } from './messages-body.js';
import { responsesBody } from './responses-body.js';

/** A dialect as its clients see it. */
export interface BenchClient {
  name: string;
  bodyOf(conversation: Conversation): JsonObject;
  decode(body: JsonObject): ChatRequest;
  openStream(): { encode(part: Part): string };
}

const MODEL = 'bench';
const CREATED_SECONDS = 1_780_000_000;

export const clients: readonly BenchClient[] = [
  {
    name: 'openai-chat',
    bodyOf: chatBody,
    decode: (body) => decodeChat(body).request,
    openStream: () =>
      createChatEncoder({ id: 'chatcmpl-1', createdSeconds: CREATED_SECONDS, model: MODEL, includeUsage: true }),
  },
  {
    name: 'openai-responses',
    bodyOf: responsesBody,
    decode: (body) => decodeResponses(parseRequest(body)).request,
    openStream: () => {
      const { body } = parseRequest({ model: MODEL, input: 'hi', reasoning: { summary: 'auto' } });
      const frame = encodeFrame(body, { id: `resp_${'0'.repeat(32)}`, createdSeconds: CREATED_SECONDS });
      const estimate = { inputTokens: () => 1, tokensOf: (text: string) => text.length };
      return createResponsesEncoder({ frame, nowSeconds: () => CREATED_SECONDS, estimate });
    },
  },
  {
    name: 'anthropic-messages',
    bodyOf: messagesBody,
    decode: (body) => decodeMessages(body, { version: '2023-06-01' }).request,
    openStream: () =>
      createMessagesEncoder({ id: 'msg_1', model: MODEL, estimateInputTokens: () => 1, requestId: 'req_1' }),
  },
  {
    name: 'gemini-generate',
    bodyOf: generateBody,
    decode: (body) => decodeGenerate(body, { model: MODEL }).request,
    openStream: () =>
      createGenerateEncoder({
        responseId: '1',
        model: MODEL,
        includesThoughts: true,
        form: 'sse',
        requestId: 'req_1',
      }),
  },
];
