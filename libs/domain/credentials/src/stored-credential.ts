import type { CredentialLimits, CredentialState } from '@sluice/contracts/credential';
import type { CredentialCounters } from './credential-counters.js';
import type { CredentialSettings } from './credential-settings.js';

/** A credential as the database keeps it: its secret stays sealed. */
export interface StoredCredential {
  id: string;
  upstream: string;
  kind: string;
  label: string;
  identity: string;
  /** Sealed, in the context of `sealContext(id)`. */
  secret: Uint8Array;
  /** Null: the kind's own. */
  baseUrl: string | null;
  /** Null: every model of the upstream. */
  models: string[] | null;
  limits: CredentialLimits;
  weight: number;
  tags: string[];
  enabled: boolean;
  allowPrivateNetwork: boolean;
  /** Served by the simulator; gives way to real ones. */
  demo: boolean;
  state: CredentialState;
  reason: string | null;
  nextTryAt: Date | null;
  notes: string | null;
  settings: CredentialSettings;
  counters: CredentialCounters;
  createdAt: Date;
  updatedAt: Date;
}

/** Ties a sealed secret to its row. */
export function sealContext(credentialId: string): string {
  return `credential ${credentialId}`;
}
