import {
  type DurableGeneration,
  type DurableInput,
  type DurableState,
  STATUS_OF_STATE,
} from '@sluice/contracts/durable-generation';
import type { Dialect } from '@sluice/contracts/dialect';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { ResultFile } from '@sluice/contracts/stored-media';

/** What the statements that read durable generations answer with; our own writing, so nothing is checked again. */
export interface DurableRow {
  id: string;
  kind: DurableInput['kind'];
  owner_key_id: string;
  dialect: Dialect;
  model: string;
  input: string;
  state: DurableState;
  progress: number;
  attempt: number;
  upstream: string | null;
  upstream_model: string | null;
  credential_id: string | null;
  operation: string | null;
  files: string;
  facts: string;
  error: string | null;
  version: number;
  last_sequence: number;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  cancel_requested_at: Date | null;
  expires_at: Date | null;
  next_step_at: Date | null;
  poll_at: Date | null;
  queue_upstream: string;
}

export function toDurableGeneration(row: DurableRow): DurableGeneration {
  return {
    id: row.id,
    kind: row.kind,
    ownerKeyId: row.owner_key_id,
    dialect: row.dialect,
    model: row.model,
    input: JSON.parse(row.input) as DurableInput,
    state: row.state,
    status: STATUS_OF_STATE[row.state],
    progress: row.progress,
    attempt: row.attempt,
    ...(row.upstream !== null && { upstream: row.upstream }),
    ...(row.upstream_model !== null && { upstreamModel: row.upstream_model }),
    ...(row.credential_id !== null && { credentialId: row.credential_id }),
    ...(row.operation !== null && { operation: JSON.parse(row.operation) as JsonObject }),
    files: row.files === '[]' ? [] : (JSON.parse(row.files) as ResultFile[]),
    facts: row.facts === '{}' ? {} : (JSON.parse(row.facts) as JsonObject),
    ...(row.error !== null && { error: JSON.parse(row.error) as ErrorData }),
    isCancelling: row.cancel_requested_at !== null && row.finished_at === null,
    createdAtMs: row.created_at.getTime(),
    ...(row.started_at !== null && { startedAtMs: row.started_at.getTime() }),
    ...(row.finished_at !== null && { finishedAtMs: row.finished_at.getTime() }),
    ...(row.expires_at !== null && { expiresAtMs: row.expires_at.getTime() }),
    lastSequence: row.last_sequence,
    version: row.version,
  };
}
