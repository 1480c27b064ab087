import { z } from 'zod';
import { parseBody } from '@sluice/contracts/parse-body';

const listQuerySchema = z.object({
  cursor: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});

/** The query of a list: which part of it is wanted. */
export function readListQuery(query: unknown): { cursor?: string; limit?: number } {
  const { cursor, limit } = parseBody(listQuerySchema, query);
  return { ...(cursor && { cursor }), ...(limit !== undefined && { limit }) };
}
