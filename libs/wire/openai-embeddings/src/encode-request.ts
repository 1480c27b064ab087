import type { EmbedRequest } from '@sluice/contracts/embedding';
import type { JsonObject } from '@sluice/contracts/json';

/** The body for an upstream that speaks this dialect. Always base64, a quarter of the bytes; who does not know it sends numbers. */
export function encodeRequest(
  request: EmbedRequest,
  { model, native }: { model: string; native?: JsonObject },
): JsonObject {
  const body = native ?? encodeBody(request);
  return { ...body, model, encoding_format: 'base64' };
}

function encodeBody({ inputs, dimensions, endUser, providerOptions }: EmbedRequest): JsonObject {
  const [first] = inputs;
  const input = inputs.length === 1 && first !== undefined ? first : inputs;
  return { input, dimensions, user: endUser, ...providerOptions?.['openai'] };
}
