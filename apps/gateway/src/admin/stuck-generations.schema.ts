import { jsonObjectSchema } from '@sluice/contracts/json-object';
import { z } from 'zod';

export const failSchema = z.strictObject({
  reason: z.string().min(1).max(500).optional(),
  /** Whether the reservation counts as used; it does unless the operator knows better. */
  charge: z.boolean().default(true),
});

/** The upstream's id of the work, or the whole operation as its adapter keeps it. */
export const adoptSchema = z.union([
  z.strictObject({ operationId: z.string().min(1).max(500) }),
  z.strictObject({ operation: jsonObjectSchema }),
]);
