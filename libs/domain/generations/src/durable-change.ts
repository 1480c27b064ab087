import type { DurableState } from '@sluice/contracts/durable-generation';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { type Operation, operationKey } from '@sluice/contracts/operation';
import type { Part } from '@sluice/contracts/part';
import type { ResultFile } from '@sluice/contracts/stored-media';

/** One transition of one generation; what is absent stays as it is, but for `stepAtMs`: absent means that no step is due. */
export interface DurableChange {
  id: string;
  /** Only from one of these. */
  expected: readonly DurableState[];
  /** Only while this attempt is the last: who made an earlier one has been replaced. */
  attempt?: number;
  /** Only while the log ends here: a repetition of what was written, and not answered, moves nothing. */
  afterSequence?: number;
  state?: DurableState;
  progress?: number;
  operation?: Operation;
  /** The operation is new to the row: it becomes the only owner of it, or the whole write is refused. */
  isOwner?: true;
  prepared?: JsonObject;
  submittedAtMs?: number;
  pollAtMs?: number;
  stepAtMs?: number;
  /** For a row that has none: it takes its slot. */
  leaseId?: string;
  lookups?: number;
  collects?: number;
  /** As the upstream told them. */
  upstreamFiles?: readonly object[];
  files?: readonly ResultFile[];
  facts?: JsonObject;
  error?: ErrorData;
  expiresAtMs?: number;
  targetIndex?: number;
  queueUpstream?: string;
  /** With an end: how much of the reservation was used; absent: all of it. */
  used?: number;
  /** To be appended to the event log. */
  parts?: readonly Part[];
}

/** The change in the columns of `advance-durable.sql`. */
export function encodeChange(change: DurableChange): object {
  const { operation, prepared, upstreamFiles, files, facts, error, parts } = change;
  return {
    id: change.id,
    expected: change.expected,
    attempt: change.attempt,
    after_sequence: change.afterSequence,
    state: change.state,
    progress: change.progress === undefined ? undefined : Math.max(0, Math.min(100, Math.floor(change.progress))),
    operation: operation && JSON.stringify(operation),
    operation_key: operation && change.isOwner ? operationKey(operation) : undefined,
    prepared: prepared && JSON.stringify(prepared),
    submitted_ms: whole(change.submittedAtMs),
    poll_ms: whole(change.pollAtMs),
    step_ms: whole(change.stepAtMs),
    lease_id: change.leaseId,
    lookups: change.lookups,
    collects: change.collects,
    upstream_files: upstreamFiles && JSON.stringify(upstreamFiles),
    files: files && JSON.stringify(files),
    facts: facts && JSON.stringify(facts),
    error: error && JSON.stringify(error),
    expires_ms: whole(change.expiresAtMs),
    target_index: change.targetIndex,
    queue_upstream: change.queueUpstream,
    used: change.used,
    parts: parts && JSON.stringify(parts),
    part_count: parts?.length,
  };
}

/** Paces have fractions; the columns' moments have none. */
function whole(atMs: number | undefined): number | undefined {
  return atMs === undefined ? undefined : Math.round(atMs);
}
