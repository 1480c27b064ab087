import { z } from 'zod';

/** What a worker reads beside the stores' variables. */
export const workerEnvironment = {
  /** Health and metrics, for the orchestrator only; 0 takes a free port. */
  WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WORKER_HOST: z.string().default('127.0.0.1'),
  /** Generations at once in this process: a stream is cheap. The credentials' limits are counted apart. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(4_096),
  /** Steps of durable generations at once: submissions, looks and downloads; what only waits takes none. */
  WORKER_DURABLE_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(256),
} satisfies z.ZodRawShape;
