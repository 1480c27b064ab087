import type { Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';

/** The answer to `embedContent`, or to `batchEmbedContents`. Throws the failure that a `failed` part carries. */
export function encodeEmbedResponse(parts: Iterable<Part>, { form }: { form: 'single' | 'batch' }): JsonObject {
  const vectors: { values: number[] }[] = [];
  let usage: Usage | undefined;
  for (const part of parts) {
    if (part.type === 'failed') throw GatewayError.fromData(part.error);
    if (part.type === 'cancelled') throw new GatewayError('cancelled', `The generation was cancelled: ${part.reason}`);
    if (part.type === 'embedding') vectors[part.index] = { values: unpackVector(part.base64) };
    if (part.type === 'usage') usage = part.usage;
  }
  const usageMetadata = usage && { promptTokenCount: usage.inputTokens, totalTokenCount: usage.totalTokens };
  return form === 'batch' ? { embeddings: vectors, usageMetadata } : { embedding: vectors[0], usageMetadata };
}

const FLOAT_BYTES = 4;

/** Each number is the shortest decimal that is the same float32. */
function unpackVector(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: Math.floor(bytes.length / FLOAT_BYTES) }, (_, index) => {
    const value = bytes.readFloatLE(index * FLOAT_BYTES);
    const short = Number(value.toPrecision(8));
    return Math.fround(short) === value ? short : Number(value.toPrecision(9));
  });
}
