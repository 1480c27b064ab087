import { z } from 'zod';

const count = z.coerce.number().int().min(0);
const durationMs = count.max(86_400_000);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** What becomes of a video, and how it is told: markers of its prompt, kept with it for its whole life. */
export const videoFields = {
  queueMs: durationMs.optional(),
  /** From the submission to the end. */
  videoMs: durationMs.optional(),
  /** So long no list tells of what is done. */
  lagMs: durationMs.optional(),
  /** So many others are done after it. */
  newerDrafts: count.max(1_000).optional(),
  /** Gets no further than this percentage, and never ends. */
  stuckAt: count.max(99).optional(),
  videoFails: flag.optional(),
  moderated: flag.optional(),
  noCancel: flag.optional(),
  vocabulary: z.enum(['official', 'synonyms', 'shouting']).optional(),
  noProgress: flag.optional(),
  fractionProgress: flag.optional(),
  numericSeconds: flag.optional(),
  /** Leaves out what is null, and the prompt. */
  lean: flag.optional(),
  pollStatus: z.coerce.number().int().min(400).max(599).optional(),
  pollHtml: flag.optional(),
  pollFailTimes: count.optional(),
  content: z.enum(['bytes', 'redirect']).optional(),
  /** The link that the redirect leads to has died. */
  expiredLink: flag.optional(),
  contentStatus: z.coerce.number().int().min(400).max(599).optional(),
  truncated: flag.optional(),
  wrongLength: flag.optional(),
  contentFailTimes: count.optional(),
  /** The file of a website's video comes slowly: whole after so long. */
  contentMs: durationMs.optional(),
  /** The whole file has at least so many bytes. */
  contentBytes: count.max(1024 * 1024 * 1024).optional(),
};

const videoFaultSchema = z.object(videoFields);
export type VideoFault = z.infer<typeof videoFaultSchema>;

/** The part of a fault that stays with the video. */
export function keepVideoFields(fault: Readonly<Record<string, unknown>> | undefined): VideoFault {
  return videoFaultSchema.parse(fault ?? {});
}
