import type { CredentialUse } from '@sluice/contracts/credential';
import type { StoredCredential } from './stored-credential.js';

/** A credential in this process's memory: its row, and what this process knows beyond it. Times are of the local clock. */
export interface PooledCredential {
  readonly row: StoredCredential;
  readonly models: ReadonlySet<string> | undefined;
  /** Until then it rests: it is in no ring. */
  restsUntilMs: number;
  /** Every slot was taken when last looked; not asked again before then, unless a release of ours comes first. */
  readonly fullUntilMs: Map<CredentialUse, number>;
  /** The opened secret, from its first use on. */
  secret?: unknown;
}

export function toPooledCredential(row: StoredCredential): PooledCredential {
  return {
    row,
    models: row.models === null ? undefined : new Set(row.models),
    restsUntilMs: row.state === 'ready' ? 0 : (row.nextTryAt?.getTime() ?? 0),
    fullUntilMs: new Map(),
  };
}

export function servesModel(credential: PooledCredential, model: string): boolean {
  return credential.models === undefined || credential.models.has(model);
}
