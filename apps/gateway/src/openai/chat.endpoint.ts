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
      return createStreamEncoder({ ...answerContext(context), includeUsage, isLegacyFunctions, endsAfterError });
    },
    encodeWhole: (parts, context) => encodeResponse(parts, { ...answerContext(context), isLegacyFunctions }),
  };
};

function answerContext({ generationId, createdAtMs, model, stopWord = 'stop' }: ReplyContext) {
  const id = generationId.replace('gen_', 'chatcmpl-');
  return { id, createdSeconds: Math.floor(createdAtMs / 1000), model, stopWord };
}
