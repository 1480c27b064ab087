/** What a handler may know and watch of the job that it runs. */
export interface JobHandle {
  readonly id: string;
  /** How many times the job was started, this one included: 1 unless it was put back or its worker died. */
  readonly attempt: number;
  /** A span of its own in the request's trace. */
  readonly traceparent?: string | undefined;
  /** Ends when the work is no longer ours: the job's lock was lost, or the consumer closes. */
  readonly signal: AbortSignal;
}

export type JobOutcome =
  | { type: 'done' }
  /** Not now: it waits, holding no slot, and is started again at the given time. */
  | { type: 'put-back'; delayUntilMs: number };
