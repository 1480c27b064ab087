import { percentilesOf } from '../measure/percentiles.js';
import type { LoadJob, LoadResult } from './load-job.js';

export interface Answer {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly firstChunkMs: number | undefined;
  readonly failure: string | undefined;
  /** The beginning of the answer's body. */
  readonly excerpt: string;
}

/** Gathers what one job measured. Times are milliseconds from the job's start. */
export class LoadRecorder {
  private readonly latencies: number[] = [];
  private readonly firstChunks: number[] = [];
  private readonly chunkDelays: number[] = [];
  private readonly sendLags: number[] = [];
  private readonly errors: Record<string, number> = {};
  private readonly errorSamples: Record<string, string> = {};
  private readonly chunks = { received: 0, lost: 0, reordered: 0, merged: 0 };
  private answeredInAll = 0;

  constructor(private readonly job: LoadJob) {}

  recordAnswer(answer: Answer): void {
    this.answeredInAll += 1;
    if (answer.failure !== undefined) {
      this.errors[answer.failure] = (this.errors[answer.failure] ?? 0) + 1;
      this.errorSamples[answer.failure] ??= answer.excerpt;
      return;
    }
    // The closed loop counts what ended inside the window, the open loop what was due inside it:
    // an answer that comes after the end must not vanish from the open loop's percentiles.
    const decisiveMs = this.job.loop.type === 'closed' ? answer.endedAtMs : answer.startedAtMs;
    if (decisiveMs < this.job.settleMs || decisiveMs > this.job.settleMs + this.job.durationMs) return;
    this.latencies.push(answer.endedAtMs - answer.startedAtMs);
    if (answer.firstChunkMs !== undefined) this.firstChunks.push(answer.firstChunkMs);
  }

  recordChunks(chunks: { received: number; lost: number; reordered: number; merged: number }): void {
    this.chunks.received += chunks.received;
    this.chunks.lost += chunks.lost;
    this.chunks.reordered += chunks.reordered;
    this.chunks.merged += chunks.merged;
  }

  recordChunkDelay(delayMicros: number): void {
    this.chunkDelays.push(delayMicros / 1000);
  }

  recordSendLag(lagMs: number): void {
    this.sendLags.push(lagMs);
  }

  result(): LoadResult {
    return {
      completed: this.latencies.length,
      requestsPerSecond: this.latencies.length / (this.job.durationMs / 1000),
      answeredInAll: this.answeredInAll,
      errors: this.errors,
      errorSamples: this.errorSamples,
      latencyMs: percentilesOf(this.latencies),
      firstChunkMs: percentilesOf(this.firstChunks),
      chunkDelayMs: percentilesOf(this.chunkDelays),
      sendLagMs: percentilesOf(this.sendLags),
      chunks: this.chunks,
    };
  }
}
