import type { Lease } from '@sluice/contracts/credential';
import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Part } from '@sluice/contracts/part';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { DurableStep, SubmitPlace } from '@sluice/domain-generations/durable-step';
import type { JobOutcome } from '@sluice/platform-queue/job-handle';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import type { DurableDeps } from './durable-deps.js';
import { fetchFile } from './fetch-file.js';
import { failure } from './operation-change.js';
import { settleWork } from './settle-work.js';
import { storeFile } from './store-file.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

const DONE: JobOutcome = { type: 'done' };

/** The step of a finished operation: its files are copied into our store, and only then is success told. */
export class CollectStep<Credential> {
  constructor(private readonly deps: DurableDeps<Credential>) {}

  async run(step: DurableStep, signal: AbortSignal): Promise<JobOutcome> {
    const { source } = this.deps;
    const { place } = step;
    if (!place) throw new Error('Files without a place.');
    const lease = source.open(place.credentialId);
    if (!lease)
      return this.again(step, place, { code: 'no_credential', message: 'The credential that made it is gone.' });
    try {
      const files = await this.copyAll(step, { lease, place, signal });
      return await this.succeed(step, place, files);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (error.code === 'internal') this.deps.onUnexpected(thrown, step.id);
      return this.again(step, place, error.data);
    }
  }

  private async copyAll(
    step: DurableStep,
    where: { lease: Lease; place: SubmitPlace; signal: AbortSignal },
  ): Promise<ResultFile[]> {
    const files = step.upstreamFiles as readonly UpstreamFile[];
    const copied: ResultFile[] = [];
    for (const [index, file] of files.entries()) {
      if (file.role === 'partial') continue;
      const result = await this.copy(step, { ...where, file, index }).catch((thrown: unknown) => {
        // The video is whole without its picture.
        if (file.role === 'thumbnail') return undefined;
        throw thrown;
      });
      if (result) copied.push(result);
    }
    if (copied.some(({ role }) => role === 'result')) return copied;
    throw new GatewayError('upstream_bad_answer', 'The upstream finished it without a file.');
  }

  private async copy(
    { id, attempt }: DurableStep,
    {
      file,
      index,
      lease,
      place,
      signal,
    }: { file: UpstreamFile; index: number; lease: Lease; place: SubmitPlace; signal: AbortSignal },
  ): Promise<ResultFile> {
    const { media, timing } = this.deps;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timing.collectTimeoutMs)]);
    const response = await fetchFile(this.deps, { file, lease, baseUrl: place.baseUrl, signal: bounded });
    return storeFile({
      media,
      response,
      role: file.role === 'thumbnail' ? 'thumbnail' : 'result',
      key: `generations/${id}/${attempt}-${index}`,
      largestBytes: timing.largestFileBytes,
    });
  }

  private async succeed(step: DurableStep, place: SubmitPlace, files: ResultFile[]): Promise<JobOutcome> {
    const { steps, clock, timing } = this.deps;
    const { id, attempt, facts } = step;
    const parts: Part[] = [{ type: 'result', files, facts }, { type: 'succeeded' }];
    if (step.progress < 100) parts.unshift({ type: 'progress', progress: 100 });
    const used = facts['durationSeconds'];
    const moved = await steps.advanceOne({
      id,
      expected: ['collecting'],
      attempt,
      state: 'succeeded',
      progress: 100,
      files,
      expiresAtMs: clock.now() + timing.keepFilesMs,
      ...(typeof used === 'number' && used > 0 && { used }),
      parts,
    });
    if (moved) await this.settle(step, place, moved.state);
    return DONE;
  }

  /** A URL that has died, a body that broke off: the upstream is asked again, which tells a fresh URL. */
  private async again(step: DurableStep, place: SubmitPlace, error: ErrorData): Promise<JobOutcome> {
    const { steps, clock, timing, upstream, bell } = this.deps;
    const { id, attempt } = step;
    const collects = step.collects + 1;
    const common = { id, expected: ['collecting'] as const, attempt, collects };
    if (collects >= timing.mostCollects || error.code === 'too_large') {
      const moved = await steps.advanceOne({ ...common, ...failure(lost(error)) });
      if (moved) await this.settle(step, place, moved.state);
      return DONE;
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (collects - 1), LONGEST_PAUSE_MS);
    const atMs = clock.now() + pauseMs;
    if (!upstream.jobs?.video?.poll) {
      const moved = await steps.advanceOne({ ...common, stepAtMs: atMs });
      return moved ? { type: 'put-back', delayUntilMs: atMs } : DONE;
    }
    await steps.advanceOne({ ...common, state: 'submitted', pollAtMs: atMs });
    await bell.ringPoll({ upstream: place.upstream, credentialId: place.credentialId, delayMs: pauseMs });
    return DONE;
  }

  private settle({ id }: DurableStep, place: SubmitPlace, state: DurableStep['state']): Promise<void> {
    const { upstream, credentialId, model, leaseId = id } = place;
    return settleWork(this.deps, { id, state, slot: { upstream, credentialId, use: 'video', model, leaseId } });
  }
}

function lost({ message, upstreamStatus }: ErrorData): ErrorData {
  return {
    code: 'upstream_bad_answer',
    message: `The upstream finished it, but its file could not be fetched: ${message}`,
    ...(upstreamStatus !== undefined && { upstreamStatus }),
  };
}
