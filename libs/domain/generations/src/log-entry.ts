import { DURABLE_KINDS, STATUS_OF_STATE, type DurableInput } from '@sluice/contracts/durable-generation';
import { errorDataSchema } from '@sluice/contracts/gateway-error';
import { generationStatusSchema } from '@sluice/contracts/generation';
import { z } from 'zod';
import type { LoggedGeneration, LoggedRequest } from './log-statements.js';

const shared = {
  id: z.string(),
  kind: z.string(),
  status: generationStatusSchema,
  model: z.string(),
  dialect: z.string(),
  /** Who asked: an API key, by its name where it has one still. */
  key: z.object({ id: z.string(), name: z.string().nullable() }),
  upstream: z.string().nullable(),
  upstreamModel: z.string().nullable(),
  /** Whose account it runs on; its name is masked. */
  account: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  attempt: z.int(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  requestId: z.string().nullable(),
};

export const generationEntrySchema = z.object({
  ...shared,
  kind: z.enum(DURABLE_KINDS),
  /** More exactly than the status. */
  state: z.string(),
  /** In percent. */
  progress: z.int(),
  isCancelling: z.boolean(),
  startedAt: z.iso.datetime().nullable(),
  deadlineAt: z.iso.datetime(),
  error: errorDataSchema.nullable(),
  /** Only where the operator has them shown. */
  prompt: z.string().optional(),
});
export type GenerationEntry = z.infer<typeof generationEntrySchema>;

export const requestEntrySchema = z.object({
  ...shared,
  stream: z.boolean(),
  error: errorDataSchema.nullable(),
  usage: z.record(z.string(), z.number()).nullable(),
});
export type RequestEntry = z.infer<typeof requestEntrySchema>;

const LONGEST_PROMPT = 2_000;

export function toGenerationEntry(row: LoggedGeneration): GenerationEntry {
  const { state, progress, started_at: startedAt, finished_at: finishedAt, input } = row;
  return {
    ...sharedOf(row),
    kind: z.enum(DURABLE_KINDS).parse(row.kind),
    status: STATUS_OF_STATE[state],
    state,
    progress,
    isCancelling: row.cancel_requested_at !== null && finishedAt === null,
    startedAt: startedAt?.toISOString() ?? null,
    deadlineAt: row.deadline_at.toISOString(),
    error: row.error === null ? null : errorDataSchema.parse(JSON.parse(row.error)),
    ...(input !== null && promptOf(JSON.parse(input) as DurableInput)),
  };
}

export function toRequestEntry(row: LoggedRequest): RequestEntry {
  const { status, stream, error, usage } = row;
  return {
    ...sharedOf(row),
    status,
    stream,
    error: errorDataSchema.nullable().parse(error),
    usage: requestEntrySchema.shape.usage.parse(usage),
  };
}

function sharedOf(row: LoggedGeneration | LoggedRequest) {
  const { credential_id: accountId } = row;
  return {
    id: row.id,
    kind: row.kind,
    model: row.model,
    dialect: row.dialect,
    key: { id: row.owner_key_id, name: row.owner_name },
    upstream: row.upstream,
    upstreamModel: row.upstream_model,
    account: accountId === null ? null : { id: accountId, name: row.account === null ? null : masked(row.account) },
    attempt: row.attempt,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    requestId: row.request_id,
  };
}

/** Names of accounts are mostly addresses of people: `an…@site.test`. */
function masked(name: string): string {
  const at = name.indexOf('@');
  return at < 0 ? name : `${name.slice(0, Math.min(2, at - 1))}…${name.slice(at)}`;
}

function promptOf({ request }: DurableInput): { prompt?: string } {
  return 'prompt' in request && typeof request.prompt === 'string'
    ? { prompt: request.prompt.slice(0, LONGEST_PROMPT) }
    : {};
}
