import { z } from 'zod';
import { apiKeyLimitsSchema } from './api-key-limits.js';
import type { StoredApiKey } from './stored-api-key.js';

/** A key as operators see it. */
export const apiKeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  lastFour: z.string(),
  limits: apiKeyLimitsSchema,
  enabled: z.boolean(),
  expiresAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  /** Until when the key before the last rotation opens. */
  previousExpiresAt: z.iso.datetime().nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;

export function toApiKeyView(key: StoredApiKey): ApiKeyView {
  const { id, name, lastFour, limits, enabled } = key;
  return {
    id,
    name,
    lastFour,
    limits,
    enabled,
    expiresAt: key.expiresAt?.toISOString() ?? null,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    previousExpiresAt: key.previousExpiresAt?.toISOString() ?? null,
  };
}
