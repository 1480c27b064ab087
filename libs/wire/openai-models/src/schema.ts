import { z } from 'zod';

/** A model as vendors list it. Only the id is relied on. */
export const modelSchema = z.object({
  id: z.string().min(1),
  created: z.number().nullish().catch(undefined),
  owned_by: z.string().nullish().catch(undefined),
});

/** `{data: […]}` is the contract; a bare list and `{models: […]}` are met too. */
export const modelListSchema = z.union([
  z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data),
  z.object({ models: z.array(z.unknown()) }).transform(({ models }) => models),
  z.array(z.unknown()),
]);
