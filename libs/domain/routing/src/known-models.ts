import { z } from 'zod';

/** A model as its upstream lists it. */
export const knownModelSchema = z.object({
  id: z.string(),
  createdAtSeconds: z.number().optional(),
  ownedBy: z.string().optional(),
});
export type KnownModel = z.infer<typeof knownModelSchema>;

/** The upstreams' own lists of models, as far as they have been read. */
export interface KnownModels {
  /** Undefined until the list was read once: nobody knows yet what there is. */
  modelsOf(upstream: string): readonly KnownModel[] | undefined;
}
