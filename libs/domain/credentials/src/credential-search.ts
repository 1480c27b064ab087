import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { type CredentialFilter, type CredentialQuery, type Place, toPageSql, toWhereSql } from './credential-query.js';
import type { StoredCredential } from './stored-credential.js';
import { z } from 'zod';

const COLUMNS = `id, upstream, kind, label, identity, secret, base_url AS "baseUrl", models, limits, weight, tags, enabled,
  allow_private_network AS "allowPrivateNetwork", demo, state, reason, next_try_at AS "nextTryAt", notes, settings, counters,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

export interface CredentialPageFound {
  rows: StoredCredential[];
  /** Undefined at the end. */
  nextCursor: string | undefined;
}

const placeSchema = z.tuple([z.string(), z.string(), z.string()]);

/** What operators look for in the table `credential`: any filter, any order, page by page. */
export class CredentialSearch {
  constructor(private readonly postgres: Queryable) {}

  async page(query: CredentialQuery, now: Date): Promise<CredentialPageFound> {
    const { text, values, sortKey } = toPageSql(query, now, readCursor(query));
    const outcome = await this.postgres.query<StoredCredential & { sortKey: string }>({
      text: `SELECT ${COLUMNS}, ${sortKey} AS "sortKey" FROM credential ${text}`,
      values,
    });
    const isMore = outcome.rows.length > query.limit;
    const found = outcome.rows.slice(0, query.limit);
    const last = found.at(-1);
    const nextCursor =
      isMore && last !== undefined ? writeCursor(query, { key: last.sortKey, id: last.id }) : undefined;
    return { rows: found.map(({ sortKey: _sortKey, ...row }) => row), nextCursor };
  }

  async count(filter: CredentialFilter, now: Date): Promise<number> {
    const { text, values } = toWhereSql(filter, now);
    const { rows } = await this.postgres.query<{ count: number }>({
      text: `SELECT count(*) AS count FROM credential WHERE ${text}`,
      values,
    });
    return rows[0]?.count ?? 0;
  }
}

/** It names its order, so that it cannot be used with another. */
function writeCursor({ sort, order }: CredentialQuery, { key, id }: Place): string {
  return Buffer.from(JSON.stringify([`${sort} ${order}`, key, id])).toString('base64url');
}

function readCursor({ sort, order, cursor }: CredentialQuery): Place | undefined {
  if (cursor === undefined) return undefined;
  const place = placeSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (place.success && place.data[0] === `${sort} ${order}`) return { key: place.data[1], id: place.data[2] };
  throw new GatewayError('invalid_request', 'cursor: is not one of a list in this order; take it from `nextCursor`.', {
    param: 'cursor',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
