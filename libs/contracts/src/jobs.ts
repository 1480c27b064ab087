import { z } from 'zod';
import { accountFactsSchema } from './account-facts.js';
import { foundCharacterSchema } from './character.js';
import { interactiveGenerationSchema } from './generation.js';
import { jsonObjectSchema } from './json-object.js';

/** How a queue treats its jobs. A kill is noticed after at most `lockMs + stalledCheckMs`. */
export interface QueuePolicy {
  lockMs: number;
  stalledCheckMs: number;
  /** Kills a job may survive before the queue gives up on it; our own state decides earlier. */
  maximumStalls: number;
}

export const QUEUE_POLICIES = {
  interactive: { lockMs: 8_000, stalledCheckMs: 3_000, maximumStalls: 5 },
  /** Steps of durable generations: their rows know what was done, so a job may be run again any number of times. */
  durable: { lockMs: 30_000, stalledCheckMs: 5_000, maximumStalls: 1_000 },
} as const satisfies Record<string, QueuePolicy>;
export type QueueClass = keyof typeof QUEUE_POLICIES;

/** What an operator, or the owner of a character, asks of one credential, and where the answer goes. */
export const tendCredentialSchema = z.object({
  action: z.enum([
    'test',
    'refresh',
    'count-assets',
    'clear-assets',
    'remove-character',
    'share-character',
    'find-characters',
    'remove-work',
  ]),
  /** Whom those of characters are about: the upstream's handle of him, or the beginning of a name. */
  character: z
    .object({
      operation: jsonObjectSchema.optional(),
      isPublic: z.boolean().optional(),
      username: z.string().optional(),
    })
    .optional(),
  /** Of `remove-work`: what was made, has ended and is forgotten here. */
  work: z.object({ kind: z.enum(['video', 'image']), operation: jsonObjectSchema }).optional(),
  credentialId: z.string(),
  callId: z.string(),
  /** A channel of Redis: the asker waits there, and not for long. */
  replyTo: z.string(),
  deadlineAtMs: z.number(),
  traceparent: z.string().optional(),
});
export type TendCredential = z.infer<typeof tendCredentialSchema>;

/** What came of it. */
export const tendedCredentialSchema = z.object({
  callId: z.string(),
  credentialId: z.string(),
  isUsable: z.boolean(),
  durationMs: z.number(),
  /** Written for the operator. */
  message: z.string().optional(),
  /** The failure's code. */
  code: z.string().optional(),
  plan: z.string().optional(),
  account: accountFactsSchema.optional(),
  /** Those who can be mentioned. */
  found: z.array(foundCharacterSchema).optional(),
  /** Of the files that lie in the account at the upstream. */
  assets: z.object({ count: z.number(), deleted: z.number(), failed: z.number() }).optional(),
  /** It goes on: another answer to the same call follows. */
  isPartial: z.boolean().optional(),
  quotas: z.array(z.object({ name: z.string(), remaining: z.number(), resetAtMs: z.number().optional() })).optional(),
});
export type TendedCredential = z.infer<typeof tendedCredentialSchema>;

/** The next step of a durable generation, whichever that is: its row says it. */
export const stepGenerationSchema = z.object({ generationId: z.string(), traceparent: z.string().optional() });
export type StepGeneration = z.infer<typeof stepGenerationSchema>;

/** A look at all that runs at an upstream under one credential. */
export const pollCredentialSchema = z.object({ credentialId: z.string() });
export type PollCredential = z.infer<typeof pollCredentialSchema>;

/** Of a job that lets all others go first. */
export const DEFERRED_PRIORITY = 10;

/**
 * THE list of jobs: name, payload and the class of queue it runs in. Handlers are a mapped type over it,
 * so that a job without a handler does not compile.
 */
export const JOBS = {
  'run-generation': { queue: 'interactive', payload: interactiveGenerationSchema },
  'tend-credential': { queue: 'interactive', payload: tendCredentialSchema },
  'step-generation': { queue: 'durable', payload: stepGenerationSchema },
  'poll-credential': { queue: 'durable', payload: pollCredentialSchema },
} as const satisfies Record<string, { queue: QueueClass; payload: z.ZodType }>;

export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>;
