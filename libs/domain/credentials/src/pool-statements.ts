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
  state: CredentialState | null,
  reason: string | null,
  nextTryAt: Date | null,
  failureJson: string | null,
  nowMs: number,
];

export const beginPool = defineStatement<{ name: string }, []>(sql('begin-pool'));
export const listPoolSettings = defineStatement<{ upstream: string; value: unknown }, []>(sql('list-pool-settings'));
export const listStandings = defineStatement<Standing, [afterId: string, limit: number]>(sql('list-standings'));
export const saveWindows = defineStatement<object, [ids: readonly string[], windowsJson: readonly string[]]>(
  sql('save-windows'),
);
type SaveLook = [id: string, epoch: number | null, countersJson: string, plan: string | null, name: string | null];
export const saveLook = defineStatement<object, SaveLook>(sql('save-look'));
export const beginRefresh = defineStatement<
  { formerIntent: RefreshIntent | null },
  [id: string, intentJson: string, givenUpBeforeMs: number, knownSecret: Uint8Array]
>(sql('begin-refresh'));
export const endRefresh = defineStatement<object, EndRefresh>(sql('end-refresh'));
