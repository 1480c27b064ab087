import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { z } from 'zod';
import { createApiKeyText, hashApiKey, lastFourOf, LONGEST_API_KEY } from './api-key.js';
import { type ApiKeyLimits, apiKeyLimitsSchema } from './api-key-limits.js';
import type { ApiKeyRepository } from './api-key-repository.js';
import { toApiKeyView, type ApiKeyView } from './api-key-view.js';
import type { StoredApiKey } from './stored-api-key.js';

const nameSchema = z.string().trim().min(1).max(200);

/** Body of `POST /admin/api/keys`. */
export const createApiKeySchema = z.strictObject({
  name: nameSchema,
  limits: apiKeyLimitsSchema.default({}),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});

/** Body of `PATCH /admin/api/keys/{id}`. */
export const updateApiKeySchema = z.strictObject({
  name: nameSchema.optional(),
  limits: apiKeyLimitsSchema.optional(),
  enabled: z.boolean().optional(),
  expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
});

const MONTH_MS = 31 * 24 * 60 * 60_000;

/** Body of `POST /admin/api/keys/{id}/rotate`. */
export const rotateApiKeySchema = z.strictObject({
  /** How long the old key goes on to open; 0 ends it at once. */
  overlapMs: z
    .int()
    .min(0)
    .max(MONTH_MS)
    .default(24 * 60 * 60_000),
});

/** The one answer that holds the key itself. */
export const createdApiKeySchema = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  lastFour: z.string(),
});
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;
export const rotatedApiKeySchema = createdApiKeySchema.extend({ previousExpiresAt: z.iso.datetime() });

const LONGEST_LIST = 1_000;

/** What operators do with API keys. Takes bodies as they came; failures are `GatewayError`s that name the field. */
export class ApiKeyAdmin {
  private readonly clock: Clock;

  constructor(private readonly options: { repository: ApiKeyRepository; pepper: Buffer; clock?: Clock }) {
    this.clock = options.clock ?? systemClock;
  }

  async create(body: unknown): Promise<CreatedApiKey> {
    const { name, limits, expiresAt } = parseBody(createApiKeySchema, body);
    const key = createApiKeyText();
    const row = this.toRow(key, name);
    await this.options.repository.insert({
      ...row,
      limits,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    });
    return { id: row.id, key, name, lastFour: row.lastFour };
  }

  /** Makes a key that the operator chose exist; one that is there stays as it is, switched off or not. */
  async ensure(key: string, named: string | { name: string; limits: ApiKeyLimits }): Promise<void> {
    if (key.length > LONGEST_API_KEY) throw new Error(`SLUICE_API_KEY is longer than ${LONGEST_API_KEY} characters.`);
    const { name, limits } = typeof named === 'string' ? { name: named, limits: {} } : named;
    await this.options.repository.insert({ ...this.toRow(key, name), limits, expiresAt: null });
  }

  async list(query: { cursor?: string; limit?: number } = {}): Promise<{ keys: ApiKeyView[]; nextCursor?: string }> {
    const limit = Math.min(query.limit ?? LONGEST_LIST, LONGEST_LIST);
    const after = query.cursor === undefined ? undefined : await this.find(query.cursor);
    const rows = await this.options.repository.list({ limit: limit + 1, ...(after && { after }) });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const keys = shown.map(toApiKeyView);
    return rows.length > limit && last !== undefined ? { keys, nextCursor: last.id } : { keys };
  }

  async get(id: string): Promise<ApiKeyView> {
    return toApiKeyView(await this.find(id));
  }

  async update(id: string, body: unknown): Promise<ApiKeyView> {
    const { name, limits, enabled, expiresAt } = parseBody(updateApiKeySchema, body);
    const changes = {
      ...(name !== undefined && { name }),
      ...(limits !== undefined && { limits }),
      ...(enabled !== undefined && { enabled }),
      ...(expiresAt !== undefined && { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
    };
    await this.options.repository.update(id, changes);
    return this.get(id);
  }

  /** A new key under the same id: what belongs to it stays. The old one opens until the overlap ends. */
  async rotate(id: string, body: unknown): Promise<CreatedApiKey & { previousExpiresAt: string }> {
    const { overlapMs } = parseBody(rotateApiKeySchema, body ?? {});
    const key = createApiKeyText();
    const previousExpiresAt = new Date(this.clock.now() + overlapMs);
    const { name } = await this.find(id);
    const next = { hash: hashApiKey(this.options.pepper, key), lastFour: lastFourOf(key), previousExpiresAt };
    if (!(await this.options.repository.rotate(id, next))) throw notFound(id);
    return { id, key, name, lastFour: next.lastFour, previousExpiresAt: previousExpiresAt.toISOString() };
  }

  async delete(id: string): Promise<void> {
    if (!(await this.options.repository.delete(id))) throw notFound(id);
  }

  private toRow(key: string, name: string): Pick<StoredApiKey, 'id' | 'name' | 'hash' | 'lastFour'> {
    const id = `key_${randomBytes(12).toString('hex')}`;
    return { id, name, hash: hashApiKey(this.options.pepper, key), lastFour: lastFourOf(key) };
  }

  private async find(id: string): Promise<StoredApiKey> {
    const row = await this.options.repository.find(id);
    if (row === undefined) throw notFound(id);
    return row;
  }
}

function notFound(id: string): GatewayError {
  return new GatewayError('not_found', `There is no API key '${id}'.`, { param: 'id' });
}
