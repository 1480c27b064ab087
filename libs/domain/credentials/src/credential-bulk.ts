import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { z } from 'zod';
import { parseCredentialBody, updateCredentialSchema, type UpdateCredentialBody } from './credential-input.js';
import { credentialFilterSchema, credentialQuerySchema } from './credential-query.js';
import type { CredentialSearch } from './credential-search.js';
import type { FailureMemory } from './failure-memory.js';

/** Those named, or those that a filter finds; an empty filter must be meant: `{"filter": {}}` is all of them. */
export const credentialSelectionSchema = z.union([
  z.strictObject({ ids: z.array(z.string().min(1)).min(1).max(10_000) }),
  z.strictObject({ filter: credentialFilterSchema }),
]);
export type CredentialSelection = z.infer<typeof credentialSelectionSchema>;

/** Body of `POST /admin/api/credentials/bulk`. */
export const credentialBulkSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.enum(['enable', 'disable', 'delete', 'reset']),
    selection: credentialSelectionSchema,
  }),
  /** The same edit of each: a proxy, limits, tags, what it is used for. */
  z.strictObject({
    action: z.literal('update'),
    selection: credentialSelectionSchema,
    change: updateCredentialSchema.omit({ secret: true }),
  }),
]);
export const credentialBulkResultSchema = z.object({ changed: z.int() });

const FORGET = `state = 'ready', reason = NULL, next_try_at = NULL`;
const ACTIONS = {
  enable: `UPDATE credential SET enabled = true, updated_at = $2, counters = counters - 'switchedOff', ${FORGET} WHERE id = ANY ($1::text[]) AND NOT enabled RETURNING id`,
  disable: `UPDATE credential SET enabled = false, updated_at = $2 WHERE id = ANY ($1::text[]) AND enabled RETURNING id`,
  reset: `UPDATE credential SET updated_at = $2, ${FORGET} WHERE id = ANY ($1::text[]) RETURNING id`,
  delete: `DELETE FROM credential WHERE id = ANY ($1::text[]) AND $2::timestamptz IS NOT NULL RETURNING id`,
} as const satisfies Record<Exclude<z.infer<typeof credentialBulkSchema>['action'], 'update'>, string>;

const PAGE_SIZE = 1_000;

export interface CredentialBulkOptions {
  postgres: Queryable;
  search: CredentialSearch;
  failures: Pick<FailureMemory, 'forget'>;
  edit(id: string, change: UpdateCredentialBody): Promise<unknown>;
  clock: Clock;
}

/** One change to many credentials. */
export class CredentialBulk {
  constructor(private readonly options: CredentialBulkOptions) {}

  /** Page by page, so that no statement locks all of them. */
  async run(body: unknown): Promise<z.infer<typeof credentialBulkResultSchema>> {
    const { selection, ...wish } = parseCredentialBody(credentialBulkSchema, body);
    if (wish.action === 'update') return this.update(selection, wish.change);
    const { action } = wish;
    let changed = 0;
    for await (const page of this.select(selection)) {
      const values = [page.map(({ id }) => id), new Date(this.options.clock.now())];
      const { rows } = await this.options.postgres.query<{ id: string }>({ text: ACTIONS[action], values });
      changed += rows.length;
      if (action !== 'disable' && rows.length > 0) await this.options.failures.forget(rows.map(({ id }) => id));
    }
    return { changed };
  }

  /** One after the other: where one cannot be edited so, those before it have been. */
  private async update(
    selection: CredentialSelection,
    change: UpdateCredentialBody,
  ): Promise<z.infer<typeof credentialBulkResultSchema>> {
    let changed = 0;
    for await (const page of this.select(selection)) {
      for (const { id } of page) {
        await this.options.edit(id, change);
        changed += 1;
      }
    }
    return { changed };
  }

  /** Pages of ids and their upstreams, in the order in which they were made. */
  async *select(selection: CredentialSelection): AsyncGenerator<{ id: string; upstream: string }[]> {
    if ('ids' in selection) {
      const text = 'SELECT id, upstream FROM credential WHERE id = ANY ($1::text[])';
      const { rows } = await this.options.postgres.query<{ id: string; upstream: string }>({
        text,
        values: [selection.ids],
      });
      for (let start = 0; start < rows.length; start += PAGE_SIZE) yield rows.slice(start, start + PAGE_SIZE);
      return;
    }
    const now = new Date(this.options.clock.now());
    let cursor: string | undefined;
    do {
      const query = credentialQuerySchema.parse({ ...selection.filter, cursor, limit: PAGE_SIZE });
      const { rows, nextCursor } = await this.options.search.page(query, now);
      yield rows;
      cursor = nextCursor;
    } while (cursor !== undefined);
  }
}
