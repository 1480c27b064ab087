import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { z } from 'zod';

/** A model as it is listed to clients. */
export interface ListedModel {
  id: string;
}

const pageSchema = z.object({
  pageSize: z.coerce.number().int().min(1).default(50),
  pageToken: z.string().optional(),
});

const LARGEST_PAGE = 1000;

/** One page of the models; its token is the last one's name, so that a list that changes does not shift it. */
export function encodeModelList(models: readonly ListedModel[], query: unknown): JsonObject {
  const parsed = pageSchema.safeParse(query ?? {});
  if (!parsed.success) throw schemaError(parsed.error, query);
  const { pageSize, pageToken } = parsed.data;
  const start = pageToken === undefined ? 0 : positionAfter(models, pageToken);
  const page = models.slice(start, start + Math.min(pageSize, LARGEST_PAGE));
  const last = page.at(-1);
  const hasMore = last !== undefined && start + page.length < models.length;
  return {
    models: page.map(encodeModel),
    nextPageToken: hasMore ? Buffer.from(last.id).toString('base64url') : undefined,
  };
}

/** Limits are left out: they are the upstream's, which does not tell them. */
export function encodeModel({ id }: ListedModel): JsonObject {
  return {
    name: `models/${id}`,
    version: '001',
    displayName: id,
    description: id,
    supportedGenerationMethods: [
      'generateContent',
      'countTokens',
      'embedContent',
      'batchEmbedContents',
      'predictLongRunning',
    ],
  };
}

function positionAfter(models: readonly ListedModel[], token: string): number {
  const id = Buffer.from(token, 'base64url').toString();
  const index = models.findIndex((model) => model.id === id);
  if (index >= 0) return index + 1;
  const param = 'pageToken';
  throw new GatewayError('invalid_request', `${param}: it belongs to no page of this list.`, { param });
}
