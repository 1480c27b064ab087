import type { JobName, JobPayload } from '@sluice/contracts/jobs';
import type { JobHandle, JobOutcome } from './job-handle.js';

/** A handler for every job of the catalog: a missing one does not compile. A throw is a bug, and ends the job. */
export type Handlers = { [Name in JobName]: (payload: JobPayload<Name>, job: JobHandle) => Promise<JobOutcome> };
