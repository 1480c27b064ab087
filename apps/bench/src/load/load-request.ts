import { monotonicMicros } from '../measure/monotonic-clock.js';
import type { LoadConnection } from './load-connection.js';
import type { LoadJob } from './load-job.js';
import type { LoadRecorder } from './load-recorder.js';
import { StreamScanner } from './stream-scanner.js';

const excerptLength = 300;

export interface LoadRun {
  readonly job: LoadJob;
  readonly recorder: LoadRecorder;
  /** performance.now() at the job's start. */
  readonly startedAt: number;
}

/** Sends one request, judges and records its answer. `dueAtMs` is what its latency is measured from. */
export function sendRequest(
  run: LoadRun,
  {
    connection,
    dueAtMs,
    onSettled,
  }: { connection: LoadConnection; dueAtMs: number; onSettled: (outcome: 'answered' | 'failed') => void },
): void {
  const { job, recorder } = run;
  const expected = job.expects ?? { status: 200, text: '"content":"A gateway' };
  const reading = job.answer === 'plain' ? new PlainReading(expected.text) : new StreamReading(job, recorder);
  const timer = setTimeout(() => connection.abandon('timeout'), job.timeoutMs);
  let status = 0;
  connection.send({
    onStatus: (received) => {
      status = received;
    },
    onData: (text) => reading.read(text),
    onDone: (failure) => {
      clearTimeout(timer);
      const endedAtMs = performance.now() - run.startedAt;
      const wrongStatus = status === expected.status ? undefined : `http ${status}`;
      const problem = failure ?? wrongStatus ?? reading.judge();
      const firstMicros = reading.firstChunkAtMicros;
      recorder.recordAnswer({
        startedAtMs: dueAtMs,
        endedAtMs,
        firstChunkMs:
          firstMicros === undefined ? undefined : endedAtMs - dueAtMs - (monotonicMicros() - firstMicros) / 1000,
        failure: problem,
        excerpt: reading.excerpt,
      });
      onSettled(problem === undefined ? 'answered' : 'failed');
    },
  });
}

class PlainReading {
  readonly firstChunkAtMicros = undefined;
  private body = '';

  constructor(private readonly expectedText: string) {}

  get excerpt(): string {
    return this.body.slice(0, excerptLength);
  }

  read(text: string): void {
    this.body = this.body === '' ? text : this.body + text;
  }

  judge(): string | undefined {
    return this.body.includes(this.expectedText) ? undefined : 'wrong body';
  }
}

class StreamReading {
  excerpt = '';
  private readonly scanner: StreamScanner;

  constructor(
    private readonly job: LoadJob,
    private readonly recorder: LoadRecorder,
  ) {
    this.scanner = new StreamScanner((delayMicros) => recorder.recordChunkDelay(delayMicros));
  }

  get firstChunkAtMicros(): number | undefined {
    return this.scanner.firstMarkAtMicros;
  }

  read(text: string): void {
    if (this.excerpt === '') this.excerpt = text.slice(0, excerptLength);
    this.scanner.feed(text, monotonicMicros());
  }

  judge(): string | undefined {
    const { received, reordered, merged, hasEnd } = this.scanner;
    const lost = Math.max(0, this.job.chunksPerStream - received);
    this.recorder.recordChunks({ received, lost, reordered, merged });
    if (lost > 0) return 'lost chunks';
    if (received > this.job.chunksPerStream) return 'doubled chunks';
    if (reordered > 0) return 'reordered chunks';
    return hasEnd ? undefined : 'no end of stream';
  }
}
