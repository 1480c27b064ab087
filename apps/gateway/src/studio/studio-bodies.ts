import { z } from 'zod';

const LONGEST_PROMPT = 1_000;
const LONGEST_PAGE = 100;
const LAST_PAGE = 1_000_000;

/** Body of `POST /api/videos`. */
export const createStudioVideoSchema = z.object({
  prompt: z
    .string({ error: 'must be text' })
    .max(LONGEST_PROMPT, `must have at most ${LONGEST_PROMPT} characters`)
    .refine((text) => text.trim() !== '', 'must not be empty'),
  orientation: z
    .enum(['portrait', 'landscape'], { error: 'must be portrait or landscape' })
    .nullish()
    .transform((orientation) => orientation ?? 'portrait'),
});
export type StudioVideoWish = z.output<typeof createStudioVideoSchema>;

const count = z.coerce.number({ error: 'must be a number' }).int('must be a whole number').min(1, 'must be at least 1');

/** Query of `GET /api/videos`. A longer page than there is counts as the longest: the answer tells its length. */
export const studioPageSchema = z.object({
  page: count.max(LAST_PAGE, `must be at most ${LAST_PAGE}`).default(1),
  limit: count.default(20).transform((limit) => Math.min(limit, LONGEST_PAGE)),
  status: z
    .enum(['completed', 'failed', 'pending', 'processing'], {
      error: 'must be completed, failed, pending or processing',
    })
    .default('completed'),
});
