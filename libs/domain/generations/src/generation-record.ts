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
  /** The event log, already JSON, as `JSON.stringify` writes it. */
  eventsJson?: string;
  lastSequence?: number;
  usage?: Usage;
  error?: ErrorData;
}

/** The record as a line of `upsert-generations.sql`: JSON itself holds neither tabs nor line feeds. Times are milliseconds. */
export function encodeRecord(record: GenerationRecord): string {
  const { generation, target, usage, error } = record;
  return [
    generation.id,
    generation.createdAtMs,
    generation.kind,
    record.status,
    generation.ownerKeyId,
    generation.dialect,
    textJson(generation.model),
    target?.upstream,
    target && textJson(target.model),
    record.credentialId,
    record.attempt ?? 0,
    requestJson(generation),
    record.eventsJson,
    error && JSON.stringify({ ...error, message: storable(error.message) }),
    usage && JSON.stringify(usage),
    record.lastSequence ?? 0,
    record.startedAtMs,
    record.finishedAtMs,
    generation.deadlineAtMs,
    textJson(generation.requestId),
    generation.isStreamed,
  ].join('\t');
}

function textJson(text: string): string {
  return JSON.stringify(storable(text));
}

/** What was asked, as the client said it where that is known. Large inputs are not kept in the row. */
function requestJson({ input }: InteractiveGeneration): string | undefined {
  if (input.kind === 'stored') return undefined;
  return JSON.stringify(input.native?.body ?? input.request);
}
