import { z } from 'zod';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

const paceSchema = z
  .strictObject({
    /** Of work that has just begun. */
    firstMs: z.int().min(500).max(MINUTE_MS),
    /** What takes long is looked at ever more rarely, and no more rarely than this. */
    longestMs: z
      .int()
      .min(500)
      .max(10 * MINUTE_MS),
  })
  .refine(({ firstMs, longestMs }) => firstMs <= longestMs, {
    path: ['longestMs'],
    message: 'must not be shorter than firstMs',
  });

/** How often work that runs at an upstream is looked at, by upstream; `*` is all others. */
export const pollingSchema = z.record(z.string().trim().min(1).max(100), paceSchema);
export type Polling = z.infer<typeof pollingSchema>;

const lifeSchema = z
  .int()
  .min(MINUTE_MS)
  .max(7 * DAY_MS);

/** How long work may take, from the call on, waiting included. */
export const timeLimitsSchema = z.strictObject({ video: lifeSchema, image: lifeSchema }).partial();

/** How long results are kept. */
export const keptFilesSchema = z.union([z.literal('forever'), z.int().min(MINUTE_MS)]).nullable();

/** Where clients reach us. */
export const publicUrlSchema = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).nullable();
