import { z } from 'zod';
import { percentilesSchema } from '../measure/percentiles.js';

/** How requests are timed. Closed: each connection sends its next when it has its answer. Open: a fixed schedule. Once: one each. */
export const loopSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('closed'), connections: z.number() }),
  z.object({ type: z.literal('open'), connections: z.number(), ratePerSecond: z.number() }),
  z.object({ type: z.literal('once'), connections: z.number(), rampMs: z.number() }),
]);

export type Loop = z.infer<typeof loopSchema>;

export const loadJobSchema = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  answer: z.enum(['plain', 'streamed']),
  loop: loopSchema,
  /** Not counted, at the beginning. */
  settleMs: z.number(),
  durationMs: z.number(),
  timeoutMs: z.number(),
  chunksPerStream: z.number(),
  /** Absent: POST. */
  method: z.enum(['GET', 'POST']).optional(),
  /** One for each connection, by turns, in place of the one of `url`. */
  paths: z.array(z.string()).optional(),
  /** Of a plain answer; absent: 200 with the stand-in's words. */
  expects: z.object({ status: z.number(), text: z.string() }).optional(),
});

export type LoadJob = z.infer<typeof loadJobSchema>;

export const loadResultSchema = z.object({
  /** Good answers inside the measured window. */
  completed: z.number(),
  requestsPerSecond: z.number(),
  /** Every answer, also those before and after the window; what the processes' CPU time is divided by. */
  answeredInAll: z.number(),
  errors: z.record(z.string(), z.number()),
  /** How the first answer of each kind of error began. */
  errorSamples: z.record(z.string(), z.string()),
  latencyMs: percentilesSchema.nullable(),
  firstChunkMs: percentilesSchema.nullable(),
  /** From the upstream's write to the client's read of the same chunk. */
  chunkDelayMs: percentilesSchema.nullable(),
  /** Open loop: how late the generator itself was. */
  sendLagMs: percentilesSchema.nullable(),
  chunks: z.object({ received: z.number(), lost: z.number(), reordered: z.number(), merged: z.number() }),
});

export type LoadResult = z.infer<typeof loadResultSchema>;
