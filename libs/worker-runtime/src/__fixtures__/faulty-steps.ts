import type { DurableChange } from '@sluice/domain-generations/durable-change';
import { DurableSteps, type Intent } from '@sluice/domain-generations/durable-steps';
import type { DurableRig } from './durable-rig.js';

/** `away`: nothing is written; `lost reply`: it is, and nobody hears of it; a function is waited for before the write. */
type Fate = 'away' | 'lost reply' | (() => Promise<void>);

/** A database that fails as a test wants, then works again. */
export class FaultySteps extends DurableSteps {
  readonly intends: Fate[] = [];
  readonly looks: Fate[] = [];
  readonly writes: Fate[] = [];
  written = 0;

  constructor({ postgres, live, clock }: Pick<DurableRig, 'postgres' | 'live' | 'clock'>) {
    super({ postgres, live, clock });
  }

  override intend(intent: Intent) {
    return under(this.intends, () => super.intend(intent));
  }

  override isCurrent(attempt: Parameters<DurableSteps['isCurrent']>[0]) {
    return under(this.looks, () => super.isCurrent(attempt));
  }

  override advanceOne(change: DurableChange) {
    this.written += 1;
    return under(this.writes, () => super.advanceOne(change));
  }
}

async function under<Result>(fates: Fate[], work: () => Promise<Result>): Promise<Result> {
  const fate = fates.shift();
  if (fate === 'away') throw new Error('connect ECONNREFUSED');
  if (typeof fate === 'function') await fate();
  const result = await work();
  if (fate === 'lost reply') throw new Error('Connection terminated');
  return result;
}
