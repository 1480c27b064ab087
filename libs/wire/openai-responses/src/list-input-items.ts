import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { z } from 'zod';
import type { WireItem } from './item-schema.js';
import { createItemId } from './item-id.js';

/** Input items as they are kept and listed: each with an id, messages with content as parts. */
export function keepInputItems(items: readonly WireItem[], responseId: string): JsonObject[] {
  return items.map((item, index) => {
    const { id, type, ...rest } = item as { id?: string | null; type: string } & JsonObject;
    const own = id ?? createItemId({ responseId, type, place: { side: 'input', index } });
    return { id: own, type, ...statusOf(type), ...rest, ...contentOf(item) };
  });
}

const querySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().min(1).optional(),
});

/** A page of `GET /v1/responses/{id}/input_items`. */
export function listInputItems(items: readonly JsonObject[], query: unknown): JsonObject {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw schemaError(parsed.error, query);
  const { limit, order, after } = parsed.data;
  const ordered = order === 'asc' ? items : items.toReversed();
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) {
    throw new GatewayError('invalid_request', `after: no item with the id '${after}'.`, { param: 'after' });
  }
  const data = ordered.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: start + limit < ordered.length,
  };
}

function statusOf(type: string): JsonObject {
  return type === 'item_reference' || type === 'reasoning' ? {} : { status: 'completed' };
}

function contentOf(item: WireItem): JsonObject {
  if (item.type !== 'message' || typeof item.content !== 'string') return {};
  const type = item.role === 'assistant' ? 'output_text' : 'input_text';
  const extra = item.role === 'assistant' ? { annotations: [] } : {};
  return { content: [{ type, text: item.content, ...extra }] };
}
