import { z } from 'zod';
import { parseBody } from './parse-body.js';

const listQuerySchema = z.object({
  upstream: z.string().min(1).optional(),
  cursor: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});

/** The query of a list: which part of it is wanted. */
export function readListQuery(query: unknown): { upstream?: string; cursor?: string; limit?: number } {
  const { upstream, cursor, limit } = parseBody(listQuerySchema, query);
  return { ...(upstream && { upstream }), ...(cursor && { cursor }), ...(limit !== undefined && { limit }) };
}
