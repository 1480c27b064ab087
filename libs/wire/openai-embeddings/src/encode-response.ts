import type { Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { EncodingFormat } from './decode-request.js';
import { unpackVector } from './vector.js';

/** The whole answer as one object. Throws the failure that a `failed` part carries. */
export function encodeResponse(
  parts: Iterable<Part>,
  context: { model: string; encodingFormat: EncodingFormat },
): JsonObject {
  const data: JsonObject[] = [];
  let usage: Usage | undefined;
  for (const part of parts) {
    if (part.type === 'failed') throw GatewayError.fromData(part.error);
    if (part.type === 'cancelled') throw new GatewayError('cancelled', `The generation was cancelled: ${part.reason}`);
    if (part.type === 'usage') usage = part.usage;
    if (part.type !== 'embedding') continue;
    const embedding = context.encodingFormat === 'base64' ? part.base64 : unpackVector(part.base64);
    data.push({ object: 'embedding', index: part.index, embedding });
  }
  data.sort((left, right) => Number(left['index']) - Number(right['index']));
  const tokens = { prompt_tokens: usage?.inputTokens ?? 0, total_tokens: usage?.totalTokens ?? 0 };
  return { object: 'list', data, model: context.model, usage: tokens };
}
