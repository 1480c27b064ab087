import type { IdempotencyClaim } from '@sluice/contracts/durable-generation';
import type { FastifyRequest } from 'fastify';
import { callContextOf, headerOf } from '../http/call-context.js';
import { fingerprintOf } from './fingerprint.js';
import { idempotencyKeyOf } from './idempotency-key.js';

/** Which calls are told from their repetitions; `allRetries` is the operator's choice. */
export interface ClaimRules {
  /** SDKs send a failed POST again by themselves and say so: taken for the same call even without a key. */
  allRetries: boolean;
}

/** What a making POST claims; undefined where each call is a new one. `body` is the decoded one, or what stands for it. */
export function claimOf(
  request: FastifyRequest,
  body: unknown,
  { allRetries }: ClaimRules,
): IdempotencyClaim | undefined {
  const key = idempotencyKeyOf(request);
  const attempt = headerOf(request, 'x-stainless-retry-count');
  if (key === undefined && (!allRetries || attempt === undefined)) return undefined;
  const fingerprint = fingerprintOf(body);
  const scope = `${callContextOf(request).keyId} ${routeOf(request)}`;
  if (key !== undefined) return { scope, key, fingerprint };
  return {
    scope: `${scope} sdk`,
    key: fingerprint,
    fingerprint,
    ...(attempt === '0' && { supersedes: true as const }),
  };
}

/** Aliases of one path are one route. */
function routeOf(request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? '';
  return `${request.method} ${path.replace(/^\/api\/v1\//, '/v1/').replace(/\/$/, '')}`;
}
