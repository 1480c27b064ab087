import { DURABLE_KINDS, STATUS_OF_STATE, type DurableState } from '@sluice/contracts/durable-generation';
import { generationStatusSchema } from '@sluice/contracts/generation';
import { parseBody } from '@sluice/contracts/parse-body';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { z } from 'zod';
import { toGenerationEntry, toRequestEntry, type GenerationEntry, type RequestEntry } from './log-entry.js';
import { listEnded, listGenerationLog, listRequestLog } from './log-statements.js';

const word = z.string().trim().min(1).max(200).optional();
const split = (text: unknown): unknown => (typeof text === 'string' ? text.split(',') : text);
/** One or several, between commas. */
const listOf = <Member extends z.ZodType>(member: Member) => z.preprocess(split, z.array(member)).optional();

const conditions = {
  status: listOf(generationStatusSchema),
  upstream: word,
  credential: word,
  /** The id of an API key. */
  key: word,
  model: word,
  since: z.iso.datetime({ offset: true }).optional(),
  cursor: word,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
};

/** Query of `GET /admin/api/requests`. */
export const requestLogQuerySchema = z.strictObject(conditions);
/** Query of `GET /admin/api/generations`. */
export const generationLogQuerySchema = z.strictObject({ ...conditions, kind: listOf(z.enum(DURABLE_KINDS)) });

/** Body of `POST /admin/api/generations/clear`. */
export const clearLogSchema = z.strictObject({
  /** Ended before then. */
  before: z.iso.datetime({ offset: true }),
  status: z.array(generationStatusSchema).min(1).optional(),
});

interface Page<Entry> {
  entries: Entry[];
  /** Give it back to go on; absent at the end. */
  nextCursor?: string;
}

const ENDED_PER_READ = 500;

/** All that is and was made, for operators: whoever asked, and by which account. */
export class GenerationLog {
  constructor(
    private readonly options: {
      postgres: Queryable;
      /** Whether operators may read what was asked for. */
      arePromptsShown(): boolean;
    },
  ) {}

  /** Videos, pictures, and what else outlives its call; also while it is made. */
  async generations(query: unknown): Promise<Page<GenerationEntry>> {
    const { postgres, arePromptsShown } = this.options;
    const wish = parseBody(generationLogQuerySchema, query);
    const { kind = null, status, cursor = null, limit } = wish;
    const states = status ? statesOf(status) : null;
    const values = conditionsOf(wish);
    const isShown = arePromptsShown();
    const rows = await listGenerationLog.all(postgres, cursor, kind, states, ...values, isShown, limit + 1);
    return pageOf(rows.map(toGenerationEntry), limit);
  }

  /** What was answered at once. */
  async requests(query: unknown): Promise<Page<RequestEntry>> {
    const wish = parseBody(requestLogQuerySchema, query);
    const { status = null, cursor = null, limit } = wish;
    const rows = await listRequestLog.all(this.options.postgres, cursor, status, ...conditionsOf(wish), limit + 1);
    return pageOf(rows.map(toRequestEntry), limit);
  }

  /** Ids and owners of what has ended, page by page, in the order in which it was made; what is removed meanwhile is no trouble. */
  async *ended(body: unknown): AsyncGenerator<{ id: string; ownerKeyId: string }[]> {
    const { before, status } = parseBody(clearLogSchema, body);
    const states = status ? statesOf(status) : null;
    let after: string | null = null;
    do {
      const rows: { id: string; owner_key_id: string }[] = await listEnded.all(
        this.options.postgres,
        new Date(before),
        states,
        after,
        ENDED_PER_READ,
      );
      yield rows.map(({ id, owner_key_id: ownerKeyId }) => ({ id, ownerKeyId }));
      after = rows.length < ENDED_PER_READ ? null : (rows.at(-1)?.id ?? null);
    } while (after !== null);
  }
}

function statesOf(statuses: readonly string[]): DurableState[] {
  const states = Object.keys(STATUS_OF_STATE) as DurableState[];
  return states.filter((state) => statuses.includes(STATUS_OF_STATE[state]));
}

function conditionsOf({ upstream, credential, key, model, since }: z.infer<typeof requestLogQuerySchema>) {
  const from = since === undefined ? null : new Date(since);
  return [upstream ?? null, credential ?? null, key ?? null, model ?? null, from] as const;
}

function pageOf<Entry extends { id: string }>(entries: Entry[], limit: number): Page<Entry> {
  const shown = entries.slice(0, limit);
  const last = shown.at(-1);
  return { entries: shown, ...(entries.length > limit && last && { nextCursor: last.id }) };
}
