import { decodeRequest } from '@sluice/wire-openai-embeddings/decode-request';
import { encodeResponse } from '@sluice/wire-openai-embeddings/encode-response';
import type { DialectEndpoint } from '../generations/dialect-endpoint.js';
import { neverStreamed } from './never.js';

/** `POST /v1/embeddings` */
export const embeddingsEndpoint: DialectEndpoint = (body) => {
  const { request, native, encodingFormat, ignored } = decodeRequest(body);
  return {
    dialect: 'openai-embeddings',
    input: { kind: 'embedding', request, native: { dialect: 'openai-embeddings', body: native } },
    isStreamed: false,
    ignored,
    openStream: neverStreamed,
    encodeWhole: (parts, { model }) => encodeResponse(parts, { model, encodingFormat }),
  };
};
