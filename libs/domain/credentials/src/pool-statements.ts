import { defineStatement } from '@sluice/platform-postgres/statement';
import type { CredentialState } from '@sluice/contracts/credential';
import type { CredentialCounters, RefreshIntent } from './credential-counters.js';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

/** What the database remembers for Redis. */
export interface Standing {
  id: string;
  upstream: string;
  quotaGroup: string | null;
  windows: CredentialCounters['windows'] | null;
  rests: CredentialCounters['rests'] | null;
  state: CredentialState;
  nextTryAt: Date | null;
  epoch: number;
}

type EndRefresh = [
  id: string,
  intentId: string,
  oldSecret: Uint8Array,
  newSecret: Uint8Array | null,
  state: CredentialState,
  reason: string | null,
  nextTryAt: Date | null,
];

export const beginPool = defineStatement<{ name: string }, []>(sql('begin-pool'));
export const listPoolSettings = defineStatement<{ upstream: string; value: unknown }, []>(sql('list-pool-settings'));
export const listStandings = defineStatement<Standing, [afterId: string, limit: number]>(sql('list-standings'));
export const saveWindows = defineStatement<object, [ids: readonly string[], windowsJson: readonly string[]]>(
  sql('save-windows'),
);
export const saveQuotas = defineStatement<object, [id: string, quotasJson: string, epoch: number]>(sql('save-quotas'));
export const beginRefresh = defineStatement<
  { formerIntent: RefreshIntent | null },
  [id: string, intentJson: string, givenUpBeforeMs: number, knownSecret: Uint8Array]
>(sql('begin-refresh'));
export const endRefresh = defineStatement<object, EndRefresh>(sql('end-refresh'));
