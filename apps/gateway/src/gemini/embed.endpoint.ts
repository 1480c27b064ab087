import { GatewayError } from '@sluice/contracts/gateway-error';
import { decodeBatchEmbedRequest, decodeEmbedRequest } from '@sluice/wire-gemini-generate/decode-embed-request';
import { encodeEmbedResponse } from '@sluice/wire-gemini-generate/encode-embed-response';
import type { DialectEndpoint } from '../generations/dialect-endpoint.js';

/** `POST /v1beta/models/{model}:embedContent` and `:batchEmbedContents`. */
export function embedEndpoint({ model, form }: { model: string; form: 'single' | 'batch' }): DialectEndpoint {
  return (body) => {
    const decode = form === 'batch' ? decodeBatchEmbedRequest : decodeEmbedRequest;
    const { request, native, ignored, nativeOnly } = decode(body, { model });
    return {
      dialect: 'gemini-generate',
      input: { kind: 'embedding', request, native: { dialect: 'gemini-generate', body: native } },
      isStreamed: false,
      ignored,
      nativeOnly,
      openStream() {
        throw new GatewayError('internal', 'Embeddings are never streamed.');
      },
      encodeWhole: (parts) => encodeEmbedResponse(parts, { form }),
    };
  };
}
