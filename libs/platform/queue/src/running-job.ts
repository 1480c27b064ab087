import { childTraceparent } from '@sluice/platform-telemetry/trace-context';
import type { Job } from 'bullmq';
import type { JobHandle } from './job-handle.js';

/** A job while its handler runs. What few handlers ask for (signal, span) is made when asked for. */
export class RunningJob implements JobHandle {
  readonly id: string;
  readonly attempt: number;
  readonly #parent: string | undefined;
  #traceparent: string | undefined;
  #abort: AbortController | undefined;

  constructor(
    readonly job: Job,
    readonly token: string,
  ) {
    this.id = job.id ?? '';
    this.attempt = job.attemptsStarted;
    this.#parent = textOf(job.data, 'traceparent');
  }

  get traceparent(): string | undefined {
    if (this.#parent !== undefined) this.#traceparent ??= childTraceparent(this.#parent);
    return this.#traceparent;
  }

  get requestId(): string | undefined {
    return textOf(this.job.data, 'requestId');
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  abort(reason: Error): void {
    this.#abort ??= new AbortController();
    this.#abort.abort(reason);
  }
}

function textOf(data: unknown, field: string): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const value: unknown = Reflect.get(data, field);
  return typeof value === 'string' ? value : undefined;
}
