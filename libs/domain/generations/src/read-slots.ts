import type { CredentialUse } from '@sluice/contracts/credential';
import type { DurableKind } from '@sluice/contracts/durable-generation';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { listSlots } from './step-statements.js';

/** A use of a credential that a row stands for. */
export interface RowSlot {
  upstream: string;
  credentialId: string;
  use: CredentialUse;
  model: string;
  leaseId: string;
}

const USES = { video: 'video', image: 'image', character: 'character', chat: 'chat' } as const satisfies Record<
  DurableKind,
  CredentialUse
>;

/** The slots that are taken by work at the upstreams, as the rows say. */
export async function readSlots(postgres: Queryable): Promise<RowSlot[]> {
  const rows = await listSlots.all(postgres, null);
  return rows.map((row) => ({
    upstream: row.upstream,
    credentialId: row.credential_id,
    use: USES[row.kind],
    model: row.upstream_model,
    leaseId: row.lease_id,
  }));
}
