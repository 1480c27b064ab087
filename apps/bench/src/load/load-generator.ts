import { nextMessage, startEntry, stopChild } from '../process/child-process.js';
import type { RunningEntry } from '../process/child-process.js';
import { loadResultSchema } from './load-job.js';
import type { LoadJob, LoadResult } from './load-job.js';

/** The load generator's process, one job at a time. */
export class LoadGenerator {
  private constructor(private readonly entry: RunningEntry) {}

  static async start(): Promise<LoadGenerator> {
    return new LoadGenerator(await startEntry({ module: new URL('load.entry.js', import.meta.url), argument: {} }));
  }

  get pid(): number {
    return this.entry.pid;
  }

  async run(job: LoadJob): Promise<LoadResult> {
    const answer = nextMessage(this.entry.child);
    this.entry.child.send(job);
    return loadResultSchema.parse(await answer);
  }

  stop(): Promise<void> {
    return stopChild(this.entry.child);
  }
}
