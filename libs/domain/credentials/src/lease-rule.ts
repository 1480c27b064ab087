import type { CredentialUse } from '@sluice/contracts/credential';
import { costOf, guessQuota } from '@sluice/manifests/model-offer';
import { ANY, type UsageWindow } from './credential-settings.js';
import type { StoredCredential } from './stored-credential.js';

/** What the lease script checks and counts beside the simultaneous uses of a credential. */
export interface LeaseRule {
  type: 'simultaneous' | 'requests' | 'tokens';
  /** Whose count it is: the credential, or those that share its quota. */
  owner: string;
  /** Of the count, unique for its owner. */
  name: string;
  count: number;
  perMs: number;
  /** What this use takes of a count of requests; 1 when absent. */
  cost?: number;
}

/** The rules of one credential for one use and model; nearly always none, and then nothing is made. */
export function rulesFor(
  row: StoredCredential,
  { use, model, nowMs }: { use: CredentialUse; model: string; nowMs: number },
): readonly LeaseRule[] {
  const { windows, modelLimits } = row.settings;
  const { quotas } = row.counters;
  const guess = quotas ? undefined : guessQuota({ upstream: row.upstream, kind: row.kind, plan: row.settings.plan });
  if (!windows && !modelLimits && !quotas && !guess) return NO_RULES;
  const owner = windowOwner(row);
  const price = priceOf(row.upstream, model);
  const rules: LeaseRule[] = [];
  const limit = modelLimits?.[model]?.[use];
  if (limit !== undefined) rules.push({ type: 'simultaneous', owner: row.id, name: model, count: limit, perMs: 0 });
  for (const window of windows ?? []) {
    if (!concerns(window, use, model)) continue;
    rules.push({
      type: window.unit,
      owner,
      name: windowName(window),
      count: window.count,
      perMs: window.perMs,
      ...price,
    });
  }
  if (guess && use !== 'upkeep') rules.push({ type: 'requests', owner, name: GUESSED, ...guess, ...price });
  for (const quota of quotas ?? []) {
    const perMs = quota.resetAtMs - nowMs;
    if (perMs <= 0 || !concerns(quota, use, model)) continue;
    // Each report begins a count of its own: what was used before it is in it already.
    const name = `reported ${quota.use} ${quota.model} ${quota.reportedAtMs}`;
    rules.push({ type: 'requests', owner, name, count: quota.remaining, perMs, ...price });
  }
  return rules;
}

/** The first report takes its place. */
const GUESSED = 'guessed';

function priceOf(upstream: string, model: string): { cost?: number } {
  const cost = costOf(upstream, model);
  return cost === 1 ? {} : { cost };
}

/** Keys of one project share their counts. */
export function windowOwner({ id, upstream, settings }: StoredCredential): string {
  return ownerOf({ id, upstream, quotaGroup: settings.quotaGroup ?? null });
}

/** The same, of what a statement tells. */
export function ownerOf(key: { id: string; upstream: string; quotaGroup: string | null }): string {
  return key.quotaGroup === null ? key.id : `group:${key.upstream}:${key.quotaGroup}`;
}

const NO_RULES: readonly LeaseRule[] = [];

function windowName({ use, model, unit, perMs }: UsageWindow): string {
  return `${unit} ${use} ${model} ${perMs}`;
}

function concerns(rule: { use: string; model: string }, use: CredentialUse, model: string): boolean {
  return use !== 'upkeep' && (rule.use === ANY || rule.use === use) && (rule.model === ANY || rule.model === model);
}
