import type { JsonObject } from '@sluice/contracts/json';

/** A model as it is listed to clients. */
export interface ListedModel {
  id: string;
  createdAtSeconds?: number;
  ownedBy?: string;
}

export function encodeModelList(models: Iterable<ListedModel>): JsonObject {
  return { object: 'list', data: Array.from(models, encodeModel) };
}

export function encodeModel(model: ListedModel): JsonObject {
  return { id: model.id, object: 'model', created: model.createdAtSeconds ?? 0, owned_by: model.ownedBy ?? 'sluice' };
}
