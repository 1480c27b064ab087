import { z } from 'zod';

const count = z.coerce.number().int().min(0);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** What becomes of pictures: markers of their prompt. */
export const imageFields = {
  /** From the request to the answer, or from one event to the next. */
  imageMs: count.max(3_600_000).optional(),
  /** So many are made, whatever was asked. */
  images: count.max(10).optional(),
  /** Answers with links even where bytes were asked. */
  imageLinks: flag.optional(),
  linkMs: count.optional(),
  brokenBase64: flag.optional(),
  /** The bytes are a text. */
  noImage: flag.optional(),
  revisePrompt: flag.optional(),
};

const imageFaultSchema = z.object(imageFields);
export type ImageFault = z.infer<typeof imageFaultSchema>;
