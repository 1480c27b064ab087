import type { CredentialUse } from '@sluice/contracts/credential';
import type { Target } from '@sluice/contracts/route';
import { guessSight, guessUse } from '@sluice/manifests/guess-abilities';
import type { ModelIndex } from './model-index.js';
import type { RequestNeeds } from './request-needs.js';

/** The name that leaves the choice of the model to us. */
export const AUTO = 'auto';

/** More would only make a failing request last longer. */
const MOST_TARGETS = 5;

/** Every listed model that can do such work, at the upstream that would serve it by name. */
export function candidatesFor(models: ModelIndex, use: CredentialUse): Target[] {
  const names = new Set(models.list().map(({ id }) => id));
  return [...names]
    .filter((name) => guessUse(name) === use)
    .toSorted()
    .flatMap((name) => models.targets(name, use).slice(0, 1));
}

/** Those that meet the needs. */
export function meeting(targets: readonly Target[], { sight }: RequestNeeds): Target[] {
  return sight ? targets.filter(({ model }) => guessSight(model)) : [...targets];
}

export function atMost(targets: readonly Target[]): Target[] {
  return targets.slice(0, MOST_TARGETS);
}
