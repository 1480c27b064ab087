import { z } from 'zod';
import { imageFields } from '../openai/image-fields.js';
import { videoFields } from '../videos/video-fields.js';

// Values come as text from prompt markers and as JSON from the control endpoint; a bare marker is `true`.
const count = z.coerce.number().int().min(0);
const delayMs = count.max(3_600_000);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const text = z.coerce.string();

/** What a reply looks like. These stay when `failTimes` is used up; everything else is dropped then. */
const shapeFields = {
  chunks: count.max(1_000_000).optional(),
  chunkDelayMs: delayMs.optional(),
  sizeBytes: count.max(64 * 1024 * 1024).optional(),
  echoRequest: flag.optional(),
  tools: count.max(64).optional(),
  interleaveTools: flag.optional(),
  reasoning: count.max(100_000).optional(),
  ...videoFields,
  ...imageFields,
  finish: text.optional(),
  block: text.optional(),
  /** A model that paints answers with words alone; of several pictures none is shown. */
  noPicture: flag.optional(),
  /** So many of the pictures are filtered. */
  heldBack: count.max(64).optional(),
};

const failureFields = {
  acceptFirst: flag.optional(),
  firstByteDelayMs: delayMs.optional(),
  firstEventDelayMs: delayMs.optional(),
  status: z.coerce.number().int().min(200).max(599).optional(),
  retryAfter: count.optional(),
  retryAfterMs: count.optional(),
  errorCode: text.optional(),
  errorType: text.optional(),
  errorMessage: text.optional(),
  errorIn200: flag.optional(),
  errorAfter: count.optional(),
  html: flag.optional(),
  emptyBody: flag.optional(),
  lostReply: flag.optional(),
  slowBodyBytes: count.min(1).optional(),
  stallAfter: count.optional(),
  cutAfter: count.optional(),
  cutBytes: count.optional(),
  garbageJson: flag.optional(),
  comments: flag.optional(),
  crlf: flag.optional(),
  noSpace: flag.optional(),
  noDone: flag.optional(),
  singleChunk: flag.optional(),
  singleWrite: flag.optional(),
  splitUtf8: flag.optional(),
  missingRole: flag.optional(),
  noFinish: flag.optional(),
  changingIds: flag.optional(),
  createdMs: flag.optional(),
  createdFloat: flag.optional(),
  usage: z.enum(['only-chunk', 'on-finish', 'every-chunk', 'unasked', 'none']).optional(),
  ignoreEncodingFormat: flag.optional(),
};

export const faultSchema = z.strictObject({
  ...shapeFields,
  ...failureFields,
  /** The failure part applies only to the first so many requests with the same path and prompt. */
  failTimes: count.optional(),
});

export type Fault = z.infer<typeof faultSchema>;

/** Names a person may write, with the field and value they stand for. */
const aliases: Readonly<Record<string, { field: keyof Fault; bare?: unknown }>> = {
  size: { field: 'sizeBytes' },
  stall: { field: 'stallAfter', bare: 2 },
  cut: { field: 'cutAfter', bare: 2 },
  errorInStream: { field: 'errorAfter', bare: 2 },
  slowBody: { field: 'slowBodyBytes', bare: 16 },
  once: { field: 'failTimes', bare: 1 },
  noUsage: { field: 'usage', bare: 'none' },
};

/** Reads a fault from kebab-case or camelCase names; an unknown name or bad value throws a ZodError. */
export function parseFault(written: Readonly<Record<string, unknown>>): Fault {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(written)) {
    const camelName = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const alias = aliases[camelName];
    fields[alias?.field ?? camelName] = value === true && alias?.bare !== undefined ? alias.bare : value;
  }
  return faultSchema.parse(fields);
}

/** The part that does not make a request fail. */
export function withoutFailure(fault: Fault): Fault {
  const kept = Object.entries(fault).filter(([name]) => name in shapeFields);
  return Object.fromEntries(kept);
}
