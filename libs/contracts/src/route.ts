import { z } from 'zod';

export const targetSchema = z.object({
  upstream: z.string().min(1),
  model: z.string().min(1),
  weight: z.number().positive().optional(),
  /** Only credentials of this kind. */
  kind: z.string().min(1).optional(),
});
/** Where a request can be served: an upstream, and what the model is called there. */
export type Target = z.infer<typeof targetSchema>;

export const routeSchema = z.object({
  targets: z.array(targetSchema).min(1),
  strategy: z.enum(['priority', 'weighted', 'auto']).default('priority'),
});
export type Route = z.infer<typeof routeSchema>;
