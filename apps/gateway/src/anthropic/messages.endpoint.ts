import { countTokens } from '@sluice/wire-tokens/count-tokens';
import { decodeRequest } from '@sluice/wire-anthropic-messages/decode-request';
import { encodeResponse } from '@sluice/wire-anthropic-messages/encode-response';
import { createStreamEncoder } from '@sluice/wire-anthropic-messages/encode-stream';
import type { ApiVersion } from '@sluice/wire-anthropic-messages/version';
import type { DecodedCall, ReplyContext } from '../generations/dialect-endpoint.js';

/** `POST /v1/messages`, by the rules of the version that the client named. */
export function messagesEndpoint(options: { version: ApiVersion; requestId: string }): (body: unknown) => DecodedCall {
  const { version, requestId } = options;
  return (body) => {
    const { request, isStreamed, isWarmUp, ignored } = decodeRequest(body, { version });
    const answerContext = ({ generationId, model }: ReplyContext) => ({
      id: generationId.replace('gen_', 'msg_'),
      model,
      isWarmUp,
      stopSequences: request.stop,
      estimateInputTokens: () => countTokens(request),
    });
    return {
      dialect: 'anthropic-messages',
      input: { kind: 'chat', request },
      isStreamed,
      ignored,
      openStream: (context) => createStreamEncoder({ ...answerContext(context), requestId }),
      encodeWhole: (parts, context) => encodeResponse(parts, answerContext(context)),
    };
  };
}
