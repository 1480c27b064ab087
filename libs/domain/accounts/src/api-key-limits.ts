import { z } from 'zod';

/** Kept as they were given until budgets read them. */
export const apiKeyLimitsSchema = z.record(z.string(), z.json());
export type ApiKeyLimits = z.infer<typeof apiKeyLimitsSchema>;
