import { type DurableState, isFinal } from '@sluice/contracts/durable-generation';
import type { Slot } from '@sluice/domain-credentials/slot-keeper';
import type { DurableDeps } from './durable-deps.js';

/** What follows a transition: files to be collected, or a slot that is free again. */
export async function settleWork<Credential>(
  { bell, slots, onUnexpected }: Pick<DurableDeps<Credential>, 'bell' | 'slots' | 'onUnexpected'>,
  { id, state, slot }: { id: string; state: DurableState; slot: Slot },
): Promise<void> {
  if (state === 'collecting') await bell.ringFor({ upstream: slot.upstream, generationId: id }, 'collect');
  // A slot that cannot be given back ends by itself.
  if (isFinal(state)) await slots.free(slot).catch((error: unknown) => onUnexpected(error, id));
}
