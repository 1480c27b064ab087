import type { Metrics } from '@sluice/platform-telemetry/metrics';

export type JobEnd = 'done' | 'put_back' | 'failed';

/** What is measured of every job. The children are bound once per name: this runs thousands of times a second. */
export interface JobMetrics {
  setActive(count: number): void;
  waited(job: string, milliseconds: number): void;
  ended(job: string, end: JobEnd, milliseconds: number): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

export function createJobMetrics(metrics: Metrics, queue: string): JobMetrics {
  const active = metrics
    .gauge({ name: 'sluice_queue_active_jobs', help: 'Jobs that run in this process.', labels: ['queue'] })
    .with({ queue });
  const waiting = metrics.histogram({
    name: 'sluice_queue_wait_seconds',
    help: 'From the time a job was added, or was due, to its start.',
    labels: ['queue', 'job'],
    buckets: SECONDS,
  });
  const running = metrics.histogram({
    name: 'sluice_queue_job_seconds',
    help: 'How long jobs ran, by outcome.',
    labels: ['queue', 'job', 'outcome'],
    buckets: SECONDS,
  });
  const waitingOf = remember((job) => waiting.with({ queue, job }));
  const runningOf = remember((key) => {
    const [job = '', outcome = ''] = key.split(' ');
    return running.with({ queue, job, outcome });
  });

  return {
    setActive: (count) => active.set(count),
    waited: (job, milliseconds) => waitingOf(job).observe(milliseconds / 1_000),
    ended: (job, end, milliseconds) => runningOf(`${job} ${end}`).observe(milliseconds / 1_000),
  };
}

function remember<Value>(create: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const created = create(key);
    known.set(key, created);
    return created;
  };
}
