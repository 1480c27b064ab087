import { z } from 'zod';
import type { TallyRow } from './tally-statements.js';

const countsSchema = z.object({ images: z.int(), videos: z.int(), errors: z.int() });

/** What a credential has made, and where it failed. Days are UTC. */
export const tallyViewSchema = z.object({
  total: countsSchema,
  today: countsSchema,
  /** Since its last success. */
  consecutiveErrors: z.int(),
  lastErrorAt: z.iso.datetime().nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
});
export type TallyView = z.infer<typeof tallyViewSchema>;

const NOTHING = { images: 0, videos: 0, errors: 0 };

export function toTallyView(row: TallyRow | undefined, nowMs: number): TallyView {
  if (row === undefined)
    return { total: NOTHING, today: NOTHING, consecutiveErrors: 0, lastErrorAt: null, lastSuccessAt: null };
  const { images, videos, errors, consecutiveErrors, lastErrorAt, lastSuccessAt } = row;
  const isToday = row.day === new Date(nowMs).toISOString().slice(0, 10);
  return {
    total: { images, videos, errors },
    today: isToday ? { images: row.imagesToday, videos: row.videosToday, errors: row.errorsToday } : NOTHING,
    consecutiveErrors,
    lastErrorAt: lastErrorAt?.toISOString() ?? null,
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
  };
}
