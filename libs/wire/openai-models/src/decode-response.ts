import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ListedModel } from './encode-response.js';
import { modelListSchema, modelSchema } from './schema.js';

const LARGEST_SECONDS = 100_000_000_000;

/** An upstream's list. Entries without an id are left out; so is a second one of the same id. */
export function decodeModelList(json: unknown): ListedModel[] {
  const parsed = modelListSchema.safeParse(json);
  if (!parsed.success) {
    throw new GatewayError('upstream_bad_answer', 'The upstream sent something that is no list of models.', {
      saw: 'unknown',
    });
  }
  const models = new Map<string, ListedModel>();
  for (const entry of parsed.data) {
    const model = decodeModel(typeof entry === 'string' ? { id: entry } : entry);
    if (model !== undefined && !models.has(model.id)) models.set(model.id, model);
  }
  return [...models.values()];
}

function decodeModel(entry: unknown): ListedModel | undefined {
  const parsed = modelSchema.safeParse(entry);
  if (!parsed.success) return undefined;
  const { id, created, owned_by: ownedBy } = parsed.data;
  return {
    id,
    ...(created != null && created > 0 && { createdAtSeconds: toSeconds(created) }),
    ...(ownedBy != null && ownedBy !== '' && { ownedBy }),
  };
}

/** Some vendors count milliseconds. */
function toSeconds(created: number): number {
  return Math.floor(created > LARGEST_SECONDS ? created / 1000 : created);
}
