import type { Dialect } from '@sluice/contracts/dialect';
import type { DurableInput, DurableState } from '@sluice/contracts/durable-generation';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Operation } from '@sluice/contracts/operation';
import type { Target } from '@sluice/contracts/route';

/** The row that `find-step.sql` reads; our own writing, so nothing is checked again. */
export interface StepRow {
  id: string;
  kind: DurableInput['kind'];
  owner_key_id: string;
  dialect: Dialect;
  model: string;
  targets: string;
  target_index: number;
  queue_upstream: string;
  pinned_credential_id: string | null;
  input: string;
  state: DurableState;
  progress: number;
  attempt: number;
  epoch: number;
  lease_id: string | null;
  upstream: string | null;
  upstream_model: string | null;
  credential_id: string | null;
  base_url: string;
  operation: string | null;
  prepared: string | null;
  lookups: number;
  collects: number;
  upstream_files: string | null;
  facts: string;
  last_sequence: number;
  request_id: string;
  traceparent: string | null;
  created_at: Date;
  deadline_at: Date;
  submitted_at: Date | null;
  cancel_requested_at: Date | null;
  next_step_at: Date | null;
  error: string | null;
}

/** A durable generation as the worker sees it that does its next step. */
export interface DurableStep {
  id: string;
  ownerKeyId: string;
  model: string;
  targets: readonly Target[];
  targetIndex: number;
  pinnedCredentialId: string | undefined;
  input: DurableInput;
  state: DurableState;
  progress: number;
  attempt: number;
  /** Where it was submitted, frozen with the intent; undefined before. */
  place: SubmitPlace | undefined;
  operation: Operation | undefined;
  prepared: JsonObject | undefined;
  lookups: number;
  collects: number;
  upstreamFiles: readonly object[];
  facts: JsonObject;
  createdAtMs: number;
  deadlineAtMs: number;
  isCancelling: boolean;
  nextStepAtMs: number | undefined;
  traceparent: string | undefined;
  lastSequence: number;
  error: ErrorData | undefined;
}

/** Whose the work is: the rest goes to the same credential, at the same address. */
export interface SubmitPlace {
  upstream: string;
  model: string;
  credentialId: string;
  baseUrl: string;
  leaseId: string | undefined;
  submittedAtMs: number;
}

export function toDurableStep(row: StepRow): DurableStep {
  return {
    id: row.id,
    ownerKeyId: row.owner_key_id,
    model: row.model,
    targets: JSON.parse(row.targets) as Target[],
    targetIndex: row.target_index,
    pinnedCredentialId: row.pinned_credential_id ?? undefined,
    input: JSON.parse(row.input) as DurableInput,
    state: row.state,
    progress: row.progress,
    attempt: row.attempt,
    place: placeOf(row),
    operation: row.operation === null ? undefined : (JSON.parse(row.operation) as Operation),
    prepared: row.prepared === null ? undefined : (JSON.parse(row.prepared) as JsonObject),
    lookups: row.lookups,
    collects: row.collects,
    upstreamFiles: row.upstream_files === null ? [] : (JSON.parse(row.upstream_files) as object[]),
    facts: JSON.parse(row.facts) as JsonObject,
    createdAtMs: row.created_at.getTime(),
    deadlineAtMs: row.deadline_at.getTime(),
    isCancelling: row.cancel_requested_at !== null,
    nextStepAtMs: row.next_step_at?.getTime(),
    traceparent: row.traceparent ?? undefined,
    lastSequence: row.last_sequence,
    error: row.error === null ? undefined : (JSON.parse(row.error) as ErrorData),
  };
}

function placeOf(row: StepRow): SubmitPlace | undefined {
  const { upstream, upstream_model: model, credential_id: credentialId, submitted_at: submittedAt } = row;
  if (upstream === null || model === null || credentialId === null || submittedAt === null) return undefined;
  return {
    upstream,
    model,
    credentialId,
    baseUrl: row.base_url,
    leaseId: row.lease_id ?? undefined,
    submittedAtMs: submittedAt.getTime(),
  };
}
