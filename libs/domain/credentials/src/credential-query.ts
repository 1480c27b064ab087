import { credentialStateSchema } from '@sluice/contracts/credential';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const text = z.string().trim().min(1).max(200);

/** Which credentials are meant; all conditions must hold. None given: all of them. */
export const credentialFilterSchema = z.strictObject({
  upstream: text.optional(),
  kind: text.optional(),
  state: credentialStateSchema.optional(),
  enabled: z.union([z.boolean(), flag]).optional(),
  demo: z.union([z.boolean(), flag]).optional(),
  tag: text.optional(),
  group: text.optional(),
  /** Part of the label or the notes, or the beginning of the id. */
  search: text.optional(),
});
export type CredentialFilter = z.infer<typeof credentialFilterSchema>;

/** Query of `GET /admin/api/credentials`. */
export const credentialQuerySchema = credentialFilterSchema.extend({
  sort: z.enum(['createdAt', 'updatedAt', 'label', 'state', 'nextTryAt']).default('createdAt'),
  order: z.enum(['asc', 'desc']).default('asc'),
  cursor: z.string().min(1).max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
});
export type CredentialQuery = z.infer<typeof credentialQuerySchema>;

/** Each has its index, ending in the id. */
const SORT_KEYS = {
  createdAt: { sql: 'created_at', type: 'timestamptz' },
  updatedAt: { sql: 'updated_at', type: 'timestamptz' },
  label: { sql: 'label', type: 'text' },
  state: { sql: `(CASE WHEN enabled THEN state ELSE 'disabled' END)`, type: 'text' },
  nextTryAt: { sql: `COALESCE(next_try_at, 'infinity'::timestamptz)`, type: 'timestamptz' },
} as const satisfies Record<CredentialQuery['sort'], { sql: string; type: string }>;

export interface SqlText {
  text: string;
  values: unknown[];
}

/** Where the page before ended. */
export interface Place {
  key: string;
  id: string;
}

/** Of a page: its order and where it goes on. Only fixed text and parameters come into it. */
export function toPageSql(query: CredentialQuery, now: Date, after: Place | undefined): SqlText & { sortKey: string } {
  const { sql, type } = SORT_KEYS[query.sort];
  const { text: where, values } = toWhereSql(query, now);
  const conditions = [where];
  if (after !== undefined) {
    values.push(after.key, after.id);
    conditions.push(
      `(${sql}, id) ${query.order === 'asc' ? '>' : '<'} ($${values.length - 1}::${type}, $${values.length}::text)`,
    );
  }
  values.push(query.limit + 1);
  const order = `${sql} ${query.order}, id ${query.order}`;
  return {
    text: `WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT $${values.length}`,
    values,
    sortKey: `(${sql})::text`,
  };
}

/** The filter as a condition over the table `credential`. */
export function toWhereSql(filter: CredentialFilter, now: Date): SqlText {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (condition: string, ...given: unknown[]) => {
    conditions.push(condition.replaceAll(/\?/g, () => `$${values.push(given.shift())}`));
  };
  const { upstream, kind, state, enabled, demo, tag, group, search } = filter;
  if (upstream !== undefined) add('upstream = ?', upstream);
  if (kind !== undefined) add('kind = ?', kind);
  if (enabled !== undefined) add('enabled = ?', enabled);
  if (demo !== undefined) add('demo = ?', demo);
  if (tag !== undefined) add('tags @> ARRAY[?]::text[]', tag);
  if (group !== undefined) add(`settings ->> 'group' = ?`, group);
  if (search !== undefined)
    add('(label ILIKE ? OR notes ILIKE ? OR id LIKE ?)', like(search), like(search), `${escaped(search)}%`);
  if (state === 'disabled') add('NOT enabled');
  else if (state === 'ready') add(`enabled AND ${IS_READY} AND NOT ${IS_USED_UP}`, now, now);
  else if (state === 'quota_exhausted')
    add(`enabled AND ((state = ? AND NOT ${IS_READY}) OR (${IS_READY} AND ${IS_USED_UP}))`, state, now, now, now);
  else if (state !== undefined) add(`enabled AND state = ? AND NOT COALESCE(${OVER} <= ?, false)`, state, now);
  return { text: conditions.join(' AND ') || 'true', values };
}

/** Rests that end by themselves: past it, the credential is ready. */
const OVER = `(CASE WHEN state IN ('rate_limited', 'quota_exhausted') THEN next_try_at END)`;

const IS_READY = `(state = 'ready' OR COALESCE(${OVER} <= ?, false))`;
/** As its upstream said of a whole use. */
const IS_USED_UP = `EXISTS (SELECT FROM jsonb_array_elements(COALESCE(counters -> 'quotas', '[]')) AS quota
  WHERE quota ->> 'model' = '*' AND (quota ->> 'remaining')::float8 = 0
    AND (quota ->> 'resetAtMs')::float8 > extract(epoch FROM ?::timestamptz) * 1000)`;

const escaped = (search: string): string => search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
const like = (search: string): string => `%${escaped(search)}%`;
