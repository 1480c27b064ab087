import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { z } from 'zod';

/** A model as it is listed to clients. */
export interface ListedModel {
  id: string;
  createdAtSeconds?: number;
}

/** The query of `GET /v1/models`. */
const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  after_id: z.string().optional(),
  before_id: z.string().optional(),
});

/** One page of the models, which `after_id` follows or `before_id` precedes. */
export function encodeModelList(models: readonly ListedModel[], query: unknown): JsonObject {
  const parsed = pageSchema.safeParse(query ?? {});
  if (!parsed.success) throw schemaError(parsed.error, query);
  const { limit, after_id: after, before_id: before } = parsed.data;
  const start = after === undefined ? 0 : find(models, { id: after, param: 'after_id' }) + 1;
  const end = before === undefined ? models.length : find(models, { id: before, param: 'before_id' });
  const inRange = models.slice(start, end);
  const page = before === undefined ? inRange.slice(0, limit) : inRange.slice(-limit);
  return {
    data: page.map(encodeModel),
    has_more: page.length < inRange.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

export function encodeModel({ id, createdAtSeconds = 0 }: ListedModel): JsonObject {
  return {
    type: 'model',
    id,
    display_name: id,
    created_at: new Date(createdAtSeconds * 1000).toISOString(),
    lifecycle: 'active',
    line: null,
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: null,
    max_tokens: null,
    capabilities: null,
  };
}

function find(models: readonly ListedModel[], { id, param }: { id: string; param: string }): number {
  const index = models.findIndex((model) => model.id === id);
  if (index >= 0) return index;
  throw new GatewayError('invalid_request', `${param}: there is no model '${id}'.`, { param });
}
