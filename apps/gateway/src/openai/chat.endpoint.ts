import { createStreamEncoder } from '@sluice/wire-openai-chat/encode-stream';
import { decodeRequest } from '@sluice/wire-openai-chat/decode-request';
import { encodeResponse } from '@sluice/wire-openai-chat/encode-response';
import type { DialectEndpoint, ReplyContext } from '../generations/dialect-endpoint.js';

/** `POST /v1/chat/completions` */
export const chatEndpoint: DialectEndpoint = (body) => {
  const { request, native, isStreamed, includeUsage, isLegacyFunctions, ignored } = decodeRequest(body);
  return {
    dialect: 'openai-chat',
    input: { kind: 'chat', request, native: { dialect: 'openai-chat', body: native } },
    isStreamed,
    ignored,
    openStream: (context) => {
      const { endsAfterError = false } = context;
      return createStreamEncoder({ includeUsage, isLegacyFunctions, endsAfterError, ...answerContext(context) });
    },
    encodeWhole: (parts, context) => encodeResponse(parts, { isLegacyFunctions, ...answerContext(context) }),
  };
};

function answerContext({ generationId, createdAtMs, model, stopWord = 'stop' }: ReplyContext) {
  const id = `chatcmpl-${generationId.slice('gen_'.length)}`;
  return { id, createdSeconds: Math.floor(createdAtMs / 1000), model, stopWord };
}
