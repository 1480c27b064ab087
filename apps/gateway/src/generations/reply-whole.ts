import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Part, PartRecord } from '@sluice/contracts/part';
import type { DecodedCall } from './dialect-endpoint.js';
import { generationHeaders, ranWith } from './generation-headers.js';
import type { Told } from './told.js';

/** Collects the whole answer; throws `GatewayError` when there is none. */
export async function replyWhole(
  call: DecodedCall,
  submitted: Told,
): Promise<{ headers: Record<string, string>; body: object }> {
  const { generation, tail } = submitted;
  const records: PartRecord[] = [];
  for await (const batch of tail) records.push(...batch);
  const parts: Part[] = records.map(({ part }) => part);
  const end = parts.at(-1);
  if (end?.type === 'failed') throw GatewayError.fromData(end.error);
  if (end?.type === 'cancelled') throw new GatewayError('cancelled', end.reason);
  if (end?.type !== 'succeeded') throw new GatewayError('upstream_interrupted', 'The answer broke off.');
  const ran = ranWith(records, generation);
  const body = call.encodeWhole(parts, {
    generationId: generation.id,
    createdAtMs: generation.createdAtMs,
    model: ran.model,
  });
  return { headers: generationHeaders(generation, ran), body };
}
