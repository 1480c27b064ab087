import type { Lease } from '@sluice/contracts/credential';
import type { Intended } from '@sluice/domain-generations/durable-steps';
import { isRowFault } from '@sluice/platform-postgres/postgres-fault';
import type { DurableDeps } from './durable-deps.js';
import { insist } from './insist.js';
import type { SubmissionEnd, SubmissionOptions } from './submission.js';

export interface UnderIntentOptions extends SubmissionOptions {
  baseUrl: string;
  /** When somebody else shall look, should this worker be lost. */
  lookAtMs: number;
  work(intended: Intended): Promise<SubmissionEnd>;
}

type Outcome = { type: 'intended'; intended: Intended } | { type: 'gone' | 'lapsed' };

/** An intent that the database did not take is written again for so long, and no longer than the lease stands. */
const INTEND_FOR_MS = 10_000;
/** A worker whose lease was over before it began comes back after this. */
const LAPSE_PAUSE_MS = 1_000;

/**
 * Work that is only done once its intent is written, under a lease that stood until then: whoever was out for longer may have
 * been replaced in its slot. Once the intent stands, the row keeps the slot, and a lease that is lost ends nothing.
 */
export async function underIntent<Credential>(
  deps: DurableDeps<Credential>,
  options: UnderIntentOptions,
): Promise<SubmissionEnd> {
  const { source, clock, keeper } = deps;
  const { lease } = options;
  const stopKeeping = keeper.keep(lease, () => {});
  try {
    const outcome = await intend(deps, options).catch(async (error: unknown) => {
      await source.release(lease, { type: 'abandoned' });
      throw error;
    });
    if (outcome.type === 'intended') return await options.work(outcome.intended);
    await source.release(lease, { type: 'abandoned' });
    return outcome.type === 'gone' ? { type: 'gone' } : { type: 'unknown', lookAtMs: clock.now() + LAPSE_PAUSE_MS };
  } finally {
    stopKeeping();
  }
}

async function intend<Credential>(deps: DurableDeps<Credential>, options: UnderIntentOptions): Promise<Outcome> {
  const { steps, clock } = deps;
  const { step, lease } = options;
  const isOver = () => hasEnded(lease, clock.now());
  if (isOver()) return { type: 'lapsed' };
  let isAgain = false;
  const work = async () => {
    const intended = await steps.intend(options);
    // It may have been written by the first, whose answer was lost.
    return intended ?? (isAgain ? steps.findIntended(options) : undefined);
  };
  const intended = await insist(
    () =>
      work().catch((error: unknown) => {
        isAgain = true;
        throw error;
      }),
    { forMs: INTEND_FOR_MS, clock, isFinal: (error) => isRowFault(error) || isOver() },
  );
  if (!intended) return { type: 'gone' };
  if (!isOver()) return { type: 'intended', intended };
  const { attempt } = intended;
  const stepAtMs = clock.now() + LAPSE_PAUSE_MS;
  await steps.advanceOne({ id: step.id, expected: ['submitting'], attempt, state: 'queued', stepAtMs });
  return { type: 'lapsed' };
}

function hasEnded({ expiresAtMs }: Lease, now: number): boolean {
  return now >= expiresAtMs;
}
