import type { z } from 'zod';
import { interactiveGenerationSchema } from './generation.js';

/** How a queue treats its jobs. A kill is noticed after at most `lockMs + stalledCheckMs`. */
export interface QueuePolicy {
  lockMs: number;
  stalledCheckMs: number;
  /** Kills a job may survive before the queue gives up on it; our own state decides earlier. */
  maximumStalls: number;
}

export const QUEUE_POLICIES = {
  interactive: { lockMs: 8_000, stalledCheckMs: 3_000, maximumStalls: 5 },
} as const satisfies Record<string, QueuePolicy>;
export type QueueClass = keyof typeof QUEUE_POLICIES;

/**
 * THE list of jobs: name, payload and the class of queue it runs in. Handlers are a mapped type over it,
 * so that a job without a handler does not compile.
 */
export const JOBS = {
  'run-generation': { queue: 'interactive', payload: interactiveGenerationSchema },
} as const satisfies Record<string, { queue: QueueClass; payload: z.ZodType }>;

export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>;
