import { describe, expect, it } from 'vitest';
import type { LoadJob, Loop } from './load-job.js';
import { LoadRecorder } from './load-recorder.js';

function recorderOf(loop: Loop): LoadRecorder {
  const job: LoadJob = {
    url: 'http://127.0.0.1:1/',
    headers: {},
    body: '',
    answer: 'plain',
    loop,
    settleMs: 100,
    durationMs: 1000,
    timeoutMs: 1000,
    chunksPerStream: 20,
  };
  return new LoadRecorder(job);
}

const answer = (startedAtMs: number, endedAtMs: number, failure?: string) => ({
  startedAtMs,
  endedAtMs,
  failure,
  firstChunkMs: undefined,
  excerpt: failure === undefined ? 'fine' : 'sorry',
});

describe('LoadRecorder', () => {
  it('counts answers that end inside the window of a closed loop', () => {
    const recorder = recorderOf({ type: 'closed', connections: 1 });
    recorder.recordAnswer(answer(0, 50));
    recorder.recordAnswer(answer(90, 110));
    recorder.recordAnswer(answer(1090, 1110));
    expect(recorder.result()).toMatchObject({ completed: 1, requestsPerSecond: 1, answeredInAll: 3 });
  });

  it('keeps late answers of an open loop: latency counts from when they were due', () => {
    const recorder = recorderOf({ type: 'open', connections: 1, ratePerSecond: 10 });
    recorder.recordAnswer(answer(1000, 9000));
    expect(recorder.result().latencyMs?.max).toBe(8000);
  });

  it('counts failures by kind and never as answers', () => {
    const recorder = recorderOf({ type: 'closed', connections: 1 });
    recorder.recordAnswer(answer(200, 300, 'http 500'));
    recorder.recordAnswer(answer(200, 300, 'http 500'));
    expect(recorder.result()).toMatchObject({
      completed: 0,
      latencyMs: null,
      errors: { 'http 500': 2 },
      errorSamples: { 'http 500': 'sorry' },
    });
  });
});
