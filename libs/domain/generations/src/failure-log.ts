import type { Clock } from '@sluice/contracts/clock';
import { ERROR_CODES } from '@sluice/contracts/error-code';
import { errorDataSchema } from '@sluice/contracts/gateway-error';
import { firstIdAt } from '@sluice/contracts/generation-id';
import { parseBody } from '@sluice/contracts/parse-body';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { z } from 'zod';

const failureSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  kind: z.string(),
  dialect: z.string(),
  /** As the client asked for it. */
  model: z.string(),
  /** Of the last attempt; null where there was none. */
  upstream: z.string().nullable(),
  upstreamModel: z.string().nullable(),
  credentialId: z.string().nullable(),
  keyId: z.string(),
  attempts: z.int(),
  requestId: z.string().nullable(),
  error: errorDataSchema.nullable(),
});
export const failureListSchema = z.object({ failures: z.array(failureSchema), nextCursor: z.string().optional() });
type FailureList = z.infer<typeof failureListSchema>;

const word = z.string().min(1).max(200).optional();
const querySchema = z.strictObject({
  upstream: word,
  credential: word,
  model: word,
  key: word,
  code: z.enum(ERROR_CODES).optional(),
  search: word,
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  cursor: z
    .string()
    .regex(/^gen_[0-9a-f]{32}$/, 'must come from `nextCursor`')
    .optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

const USUAL_MS = 24 * 60 * 60_000;

/** What was admitted and failed, whoever called, for as long as its rows are kept. */
export class FailureLog {
  constructor(private readonly options: { postgres: Queryable; clock: Clock }) {}

  /** The newest first; the last day where no time is asked for. */
  async list(query: unknown = {}): Promise<FailureList> {
    const { postgres, clock } = this.options;
    const { since, until, cursor, limit, search, ...only } = parseBody(querySchema, query);
    const untilMs = until === undefined ? clock.now() + 1 : Date.parse(until);
    const sinceMs = since === undefined ? untilMs - USUAL_MS : Date.parse(since);
    const beforeId = [firstIdAt(Math.max(0, untilMs)), ...(cursor === undefined ? [] : [cursor])].toSorted()[0] ?? '';
    const { upstream = null, credential = null, model = null, key = null, code = null } = only;
    const rows = await listFailures.all(
      postgres,
      firstIdAt(Math.max(0, sinceMs)),
      beforeId,
      new Date(sinceMs),
      new Date(untilMs),
      upstream,
      credential,
      model,
      key,
      code,
      search === undefined ? null : `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`,
      limit + 1,
    );
    const failures = rows.slice(0, limit).map(toFailure);
    const last = failures.at(-1);
    return { failures, ...(rows.length > limit && last && { nextCursor: last.id }) };
  }
}

interface FailureRow {
  id: string;
  created_at: Date;
  finished_at: Date | null;
  kind: string;
  dialect: string;
  model: string;
  upstream: string | null;
  upstream_model: string | null;
  credential_id: string | null;
  owner_key_id: string;
  attempt: number;
  request_id: string | null;
  error: unknown;
}

function toFailure(row: FailureRow): FailureList['failures'][number] {
  const { id, kind, dialect, model, upstream } = row;
  return {
    id,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    kind,
    dialect,
    model,
    upstream,
    upstreamModel: row.upstream_model,
    credentialId: row.credential_id,
    keyId: row.owner_key_id,
    attempts: row.attempt,
    requestId: row.request_id,
    error: errorDataSchema.safeParse(row.error).data ?? null,
  };
}

type Filter = string | null;

const listFailures = defineStatement<
  FailureRow,
  [
    fromId: string,
    beforeId: string,
    since: Date,
    until: Date,
    upstream: Filter,
    credential: Filter,
    model: Filter,
    owner: Filter,
    code: Filter,
    message: Filter,
    limit: number,
  ]
>({ name: 'list-failures', url: new URL('../sql/list-failures.sql', import.meta.url) });
