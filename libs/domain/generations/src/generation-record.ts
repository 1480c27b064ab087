import type { Usage } from '@sluice/contracts/chat-part';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { GenerationStatus, InteractiveGeneration } from '@sluice/contracts/generation';
import type { Target } from '@sluice/contracts/route';
import { storable } from './storable.js';

/** What is to be written of a generation at one moment of its life. */
export interface GenerationRecord {
  generation: InteractiveGeneration;
  status: GenerationStatus;
  target?: Target;
  credentialId?: string;
  attempt?: number;
  startedAtMs?: number;
  finishedAtMs?: number;
  /** The event log, already JSON. */
  eventsJson?: string;
  lastSequence?: number;
  usage?: Usage;
  error?: ErrorData;
}

/** The record in the columns of `upsert-generations.sql`, as JSON. Times are milliseconds, which cost least to write. */
export function encodeRecord(record: GenerationRecord): string {
  const { generation } = record;
  return JSON.stringify({
    id: generation.id,
    created_ms: generation.createdAtMs,
    kind: generation.kind,
    status: record.status,
    owner_key_id: generation.ownerKeyId,
    dialect: generation.dialect,
    model: storable(generation.model),
    upstream: record.target?.upstream,
    upstream_model: record.target && storable(record.target.model),
    credential_id: record.credentialId,
    attempt: record.attempt ?? 0,
    request: requestJson(generation),
    events: record.eventsJson,
    error: record.error && { ...record.error, message: storable(record.error.message) },
    usage: record.usage,
    last_sequence: record.lastSequence ?? 0,
    started_ms: record.startedAtMs,
    finished_ms: record.finishedAtMs,
    deadline_ms: generation.deadlineAtMs,
    request_id: storable(generation.requestId),
    stream: generation.isStreamed,
  });
}

/** What was asked, as the client said it where that is known. Large inputs are not kept in the row. */
function requestJson({ input }: InteractiveGeneration): string | undefined {
  if (input.kind === 'stored') return undefined;
  return JSON.stringify(input.native?.body ?? input.request);
}
