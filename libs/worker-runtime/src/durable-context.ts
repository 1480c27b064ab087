import type { Lease } from '@sluice/contracts/credential';
import type { DurableStep } from '@sluice/domain-generations/durable-step';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { AccountContext, UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { createAccountContext } from './account-context.js';
import type { DurableDeps } from './durable-deps.js';

/** The account that owns an operation, at the address where it was submitted, whatever its credential says now. */
export function ownerContext<Credential>(
  deps: Pick<DurableDeps<Credential>, 'upstream' | 'clock' | 'httpFor'>,
  options: { lease: Lease; baseUrl: string; signal: AbortSignal; http?: HttpPort },
): AccountContext<Credential> {
  const { upstream, clock } = deps;
  const { lease, baseUrl, signal, http = deps.httpFor(lease) } = options;
  return createAccountContext({ upstream, lease: { ...lease, baseUrl }, http, clock, signal });
}

/** The same, at work on one generation. */
export function stepContext<Credential>(
  deps: DurableDeps<Credential>,
  options: { step: DurableStep; lease: Lease; baseUrl: string; model: string; signal: AbortSignal; http?: HttpPort },
): UpstreamContext<Credential> {
  const { step, model } = options;
  return {
    ...ownerContext(deps, options),
    model,
    isStreamed: true,
    generationId: step.id,
    readMedia: (media) => deps.readMedia(media),
  };
}
