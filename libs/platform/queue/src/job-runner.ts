import { JOBS, type JobName, type JobPayload } from '@sluice/contracts/jobs';
import type { z } from 'zod';
import type { Handlers } from './handlers.js';
import type { JobHandle, JobOutcome } from './job-handle.js';

/** A handler with its payload's schema before it, so that the queue's loop need not know any job's type. */
export type JobRunner = (payload: unknown, job: JobHandle) => Promise<JobOutcome>;

export function createJobRunners(handlers: Handlers): ReadonlyMap<string, JobRunner> {
  const names = Object.keys(JOBS) as JobName[];
  return new Map(names.map((name) => [name, createRunner(name, handlers)]));
}

function createRunner<Name extends JobName>(name: Name, handlers: Handlers): JobRunner {
  const handler = handlers[name];
  // The compiler does not reduce the catalog's lookup for a name that it does not know yet.
  const schema = JOBS[name].payload as unknown as z.ZodType<JobPayload<Name>>;
  return (payload, job) => handler(schema.parse(payload), job);
}
