import { DURABLE_KINDS } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { targetSchema } from '@sluice/contracts/route';
import { type Eligibility, eligibilitySchema } from '@sluice/domain-credentials/eligibility';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { DurableSteps } from '@sluice/domain-generations/durable-steps';
import type { QueuePlaces } from '@sluice/domain-generations/queue-places';
import { z } from 'zod';

export const waitingGenerationSchema = z.object({
  id: z.string(),
  kind: z.enum(DURABLE_KINDS),
  state: z.string(),
  model: z.string(),
  /** Who is asked now; others of its route come after it. */
  target: targetSchema.nullable(),
  /** The one that runs it, or ran it last. */
  credentialId: z.string().nullable(),
  /** How many are before it; null where it does not wait. */
  position: z.int().nullable(),
  etaSeconds: z.number().nullable(),
  /** When it is tried again if nobody calls it before. */
  nextStepAt: z.iso.datetime().nullable(),
  /** Empty where it does not wait. */
  ...eligibilitySchema.shape,
});

/** What a durable generation waits for: its place, and of every account why it does not take it. */
export class WaitingGenerations {
  constructor(
    private readonly options: {
      steps: Pick<DurableSteps, 'find'>;
      generations: Pick<DurableGenerations, 'find'>;
      places: QueuePlaces;
      eligibility: Eligibility;
    },
  ) {}

  async find(id: string, page: { cursor?: string; limit?: number }): Promise<z.infer<typeof waitingGenerationSchema>> {
    const { steps, generations, places, eligibility } = this.options;
    const step = await steps.find(id);
    const generation = step && (await generations.find(id, step.ownerKeyId));
    if (!step || !generation)
      throw new GatewayError('not_found', `There is no durable generation '${id}'.`, { param: 'id' });
    const { state, model, input, pinnedCredentialId: pinned } = step;
    const target = step.targets[step.targetIndex];
    const place = await places.place(generation);
    const accounts =
      state === 'queued' && target
        ? await eligibility.explain({ use: input.kind, ...target, pinned }, page)
        : { credentials: [] };
    return {
      id,
      kind: input.kind,
      state,
      model,
      target: target ?? null,
      credentialId: step.place?.credentialId ?? null,
      position: place?.position ?? null,
      etaSeconds: place?.etaSeconds ?? null,
      nextStepAt: step.nextStepAtMs === undefined ? null : new Date(step.nextStepAtMs).toISOString(),
      ...accounts,
    };
  }
}
