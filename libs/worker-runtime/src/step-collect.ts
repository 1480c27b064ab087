import type { Lease } from '@sluice/contracts/credential';
import { isFinal } from '@sluice/contracts/durable-generation';
import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { DurableStep, SubmitPlace } from '@sluice/domain-generations/durable-step';
import type { JobOutcome } from '@sluice/platform-queue/job-handle';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import type { DurableDeps } from './durable-deps.js';
import { jobOf } from './durable-job.js';
import { fetchFile } from './fetch-file.js';
import { type FileToCollect, withoutLost } from './hold-files.js';
import { failure } from './operation-change.js';
import { settleWork } from './settle-work.js';
import { USE_OF_DURABLE } from './step-submit.js';
import { storeFile } from './store-file.js';
import { successOf } from './work-success.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

interface Copied {
  files: ResultFile[];
  /** Places of results that never came. */
  lost: ReadonlySet<number>;
}

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
      const copied = await this.copyAll(step, { lease, place, signal });
      return await this.succeed(step, place, copied);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (error.code === 'internal') this.deps.onUnexpected(thrown, step.id);
      return this.again(step, place, error.data);
    }
  }

  private async copyAll(
    step: DurableStep,
    where: { lease: Lease; place: SubmitPlace; signal: AbortSignal },
  ): Promise<Copied> {
    const files = step.upstreamFiles as readonly FileToCollect[];
    // What has come by then is better than nothing: fewer pictures than asked, and that is told.
    const isLast = step.collects + 1 >= this.deps.timing.mostCollects && step.input.kind === 'image';
    const copied: ResultFile[] = [];
    const lost = new Set<number>();
    let place = 0;
    for (const [index, file] of files.entries()) {
      if (file.role === 'partial') continue;
      const result =
        'stored' in file
          ? file.stored
          : await this.copy(step, { ...where, file, index }).catch((thrown: unknown) => {
              // The video is whole without its picture.
              if (file.role === 'thumbnail' || isLast) return undefined;
              throw thrown;
            });
      if (result) copied.push(result);
      else if (file.role === 'result') lost.add(place);
      if (file.role === 'result') place += 1;
    }
    // A character is somebody in the account; his picture is beside it.
    if (step.input.kind === 'character' || copied.some(({ role }) => role === 'result')) return { files: copied, lost };
    throw new GatewayError('upstream_bad_answer', 'The upstream finished it without a file.');
  }

  private async copy(
    { id, attempt, input }: DurableStep,
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
    const kind = input.kind === 'chat' ? 'video' : input.kind;
    const role = file.role === 'thumbnail' ? 'thumbnail' : 'result';
    const response = await fetchFile(this.deps, { file, kind, lease, baseUrl: place.baseUrl, signal: bounded });
    const kept = await storeFile({
      media,
      response,
      kind: role === 'thumbnail' ? 'image' : kind,
      key: `generations/${id}/${attempt}-${index}`,
      largestBytes: timing.largestFileBytes,
    });
    return { role, ...kept };
  }

  private async succeed(step: DurableStep, place: SubmitPlace, { files, lost }: Copied): Promise<JobOutcome> {
    const { steps, clock, timing } = this.deps;
    const { id, attempt } = step;
    const expiresAtMs = clock.now() + timing.keepFilesMs;
    const facts = withoutLost(step.facts, lost);
    const change = successOf({ ...step, facts }, { files, expiresAtMs });
    const moved = await steps.advanceOne({ id, expected: ['collecting'], attempt, ...change });
    if (moved) await this.settle(step, place, moved.state);
    else await this.forget(id, files).catch((error: unknown) => this.deps.onUnexpected(error, id));
    return DONE;
  }

  /**
   * Somebody ended it meanwhile: nobody will ask for its files. While it goes on, and where another worker was first, the
   * same names hold what is wanted.
   */
  private async forget(id: string, files: readonly ResultFile[]): Promise<void> {
    const step = await this.deps.steps.find(id);
    if (step && (!isFinal(step.state) || step.state === 'succeeded')) return;
    for (const { media } of files) await this.deps.media.delete(media.key);
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
    if (!jobOf(upstream, step.input.kind)?.poll) {
      const moved = await steps.advanceOne({ ...common, stepAtMs: atMs });
      return moved ? { type: 'put-back', delayUntilMs: atMs } : DONE;
    }
    await steps.advanceOne({ ...common, state: 'submitted', pollAtMs: atMs });
    await bell.ringPoll({ upstream: place.upstream, credentialId: place.credentialId, delayMs: pauseMs });
    return DONE;
  }

  private settle({ id, input }: DurableStep, place: SubmitPlace, state: DurableStep['state']): Promise<void> {
    const { upstream, credentialId, model, leaseId = id } = place;
    return settleWork(this.deps, {
      id,
      state,
      slot: { upstream, credentialId, use: USE_OF_DURABLE[input.kind], model, leaseId },
    });
  }
}

function lost({ message, upstreamStatus }: ErrorData): ErrorData {
  return {
    code: 'upstream_bad_answer',
    message: `The upstream finished it, but its file could not be fetched: ${message}`,
    ...(upstreamStatus !== undefined && { upstreamStatus }),
  };
}
