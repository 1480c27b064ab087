import { decodeModeration, encodeModeration } from '@sluice/wire-openai-chat/moderation';
import type { DialectEndpoint } from '../generations/dialect-endpoint.js';
import { neverStreamed } from './never.js';

/** `POST /v1/moderations`: judged by an upstream that can, never by us. */
export const moderationEndpoint: DialectEndpoint = (body) => {
  const { request, ignored } = decodeModeration(body);
  return {
    dialect: 'openai-chat',
    input: { kind: 'moderation', request },
    isStreamed: false,
    ignored,
    openStream: neverStreamed,
    encodeWhole: (parts, { generationId, model }) =>
      encodeModeration(parts, { id: generationId.replace('gen_', 'modr-'), model }),
  };
};
