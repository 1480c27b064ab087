import type { StreamForm } from '@sluice/wire-gemini-generate/answer-context';
import { decodeRequest } from '@sluice/wire-gemini-generate/decode-request';
import { encodeResponse } from '@sluice/wire-gemini-generate/encode-response';
import { createStreamEncoder } from '@sluice/wire-gemini-generate/encode-stream';
import type { DialectEndpoint, ReplyContext } from '../generations/dialect-endpoint.js';

/** How the answer is to come: whole, or as a stream in one of its forms. */
export type AnswerForm = 'whole' | StreamForm;

const ARRAY_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** `POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent`. */
export function generateEndpoint({ model, form }: { model: string; form: AnswerForm }): DialectEndpoint {
  return (body, { requestId }) => {
    const { request, native, ignored, nativeOnly, includesThoughts } = decodeRequest(body, { model });
    const answerContext = ({ generationId, model: ran }: ReplyContext) => ({
      responseId: generationId.replace('gen_', ''),
      model: ran,
      includesThoughts,
    });
    return {
      dialect: 'gemini-generate',
      input: { kind: 'chat', request, native: { dialect: 'gemini-generate', body: native } },
      isStreamed: form !== 'whole',
      ignored,
      nativeOnly,
      ...(form === 'array' && { headers: ARRAY_HEADERS }),
      openStream: (context) =>
        createStreamEncoder({ ...answerContext(context), requestId, form: form === 'array' ? 'array' : 'sse' }),
      encodeWhole: (parts, context) => encodeResponse(parts, answerContext(context)),
    };
  };
}
