import type { ApiKeyLimits } from './api-key-limits.js';

/** A key as the database keeps it. */
export interface StoredApiKey {
  id: string;
  name: string;
  hash: Uint8Array;
  lastFour: string;
  limits: ApiKeyLimits;
  enabled: boolean;
  expiresAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** Until when the key before the last rotation opens. */
  previousExpiresAt: Date | null;
}

/** Whether it opens anything at that time. */
export function isUsable(key: StoredApiKey, nowMs: number): boolean {
  return key.enabled && key.revokedAt === null && (key.expiresAt === null || key.expiresAt.getTime() > nowMs);
}
