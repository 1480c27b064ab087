import { decodeRequest } from '@sluice/wire-openai-embeddings/decode-request';
import { encodeResponse } from '@sluice/wire-openai-embeddings/encode-response';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { DialectEndpoint } from '../generations/dialect-endpoint.js';

/** `POST /v1/embeddings` */
export const embeddingsEndpoint: DialectEndpoint = (body) => {
  const { request, native, encodingFormat, ignored } = decodeRequest(body);
  return {
    dialect: 'openai-embeddings',
    input: { kind: 'embedding', request, native: { dialect: 'openai-embeddings', body: native } },
    isStreamed: false,
    ignored,
    openStream() {
      throw new GatewayError('internal', 'Embeddings are never streamed.');
    },
    encodeWhole: (parts, { model }) => encodeResponse(parts, { model, encodingFormat }),
  };
};
