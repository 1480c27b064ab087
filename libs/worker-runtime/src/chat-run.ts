import type { Usage } from '@sluice/contracts/chat-part';
import type { Lease } from '@sluice/contracts/credential';
import type { DurableInput } from '@sluice/contracts/durable-generation';
import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Part } from '@sluice/contracts/part';
import type { LeaseOutcome } from '@sluice/domain-credentials/credential-source';
import type { DurableChange } from '@sluice/domain-generations/durable-change';
import type { Intended } from '@sluice/domain-generations/durable-steps';
import { isRowFault } from '@sluice/platform-postgres/postgres-fault';
import { chatWithFiles } from './chat-with-files.js';
import { stepContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { insist, SAVE_FOR_MS } from './insist.js';
import { failure } from './operation-change.js';
import { remedyFor } from './retry-policy.js';
import type { SubmissionEnd, SubmissionOptions } from './submission.js';
import { isPassing, verdictOf } from './submit-verdict.js';
import { underIntent } from './under-intent.js';

type ChatChange = Omit<DurableChange, 'id' | 'attempt' | 'expected' | 'afterSequence'>;
type ChatInput = Extract<DurableInput, { kind: 'chat' }>;

/** Parts are written together, for everybody who follows: a row a part would be many. */
const FLUSH_MS = 100;
/** A silent run says so often that it lives, and hears whether it still may. */
const BEAT_MS = 1_000;

/**
 * One attempt at a conversation that nobody waits for on a socket: its parts go into the row's log. An attempt that breaks off
 * is made again from the start, and an `attempt` part in the log says where.
 */
export class ChatRun<Credential> {
  private attempt = 0;
  private readonly waiting: Part[] = [];
  private hasOutput = false;
  private usage: Usage | undefined;
  private writing: Promise<void> | undefined;
  private lastSequence = 0;
  private outcome: LeaseOutcome = { type: 'abandoned' };
  private isReplaced = false;
  private cancelTimer: () => void = () => {};
  private readonly controller = new AbortController();

  constructor(
    private readonly deps: DurableDeps<Credential>,
    private readonly options: SubmissionOptions,
    private readonly input: ChatInput,
  ) {}

  run(): Promise<SubmissionEnd> {
    const { clock, timing } = this.deps;
    const { lease } = this.options;
    return underIntent(this.deps, {
      ...this.options,
      baseUrl: lease.baseUrl ?? '',
      lookAtMs: clock.now() + timing.silenceMs,
      work: (intended) => this.attend(intended),
    });
  }

  private async attend({ attempt, lastSequence }: Intended): Promise<SubmissionEnd> {
    const { lease, signal } = this.options;
    this.attempt = attempt;
    this.lastSequence = lastSequence;
    const abort = () => this.controller.abort(new GatewayError('draining', 'The worker is shutting down.'));
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      return await this.make();
    } finally {
      signal.removeEventListener('abort', abort);
      this.cancelTimer();
      await this.deps.source.release(lease, this.outcome);
    }
  }

  private async make(): Promise<SubmissionEnd> {
    const { lease, target } = this.options;
    const { upstream, model } = target;
    this.waiting.push({ type: 'attempt', attempt: this.attempt, upstream, model, credentialId: lease.credentialId });
    this.beat(FLUSH_MS);
    try {
      for await (const part of this.start(lease)) this.take(part);
    } catch (thrown) {
      await this.stop();
      return this.failed(thrown);
    }
    await this.stop();
    const used = this.usage?.totalTokens;
    this.outcome = { type: 'succeeded', tokens: used };
    if (!this.isReplaced) {
      await this.end({
        state: 'succeeded',
        progress: 100,
        ...(this.usage && { facts: { usage: { ...this.usage } } }),
        ...(used !== undefined && { used }),
        parts: [{ type: 'succeeded' }],
      });
    }
    return { type: 'accepted' };
  }

  private start(lease: Lease): AsyncIterable<Part> {
    const { upstream, httpFor } = this.deps;
    const { step, target } = this.options;
    const { request, native, isGathered, files: named } = this.input;
    if (!upstream.chat)
      throw new GatewayError('unsupported', `Upstream '${target.upstream}' has no chat.`, { saw: 'nothing' });
    const { signal } = this.controller;
    const { baseUrl } = lease;
    const place = {
      step,
      lease,
      baseUrl: baseUrl ?? upstream.manifest.kinds[lease.kind]?.defaultBaseUrl ?? '',
      model: target.model,
    };
    const isNative = native && upstream.manifest.nativeDialects.includes(native.dialect);
    const context = {
      ...stepContext(this.deps, { ...place, signal, http: httpFor(lease) }),
      ...(isNative && { native }),
      isStreamed: !isGathered,
    };
    if (!named) return upstream.chat(request, context);
    const { placer } = this.deps;
    return chatWithFiles({ upstream, placer, request, named, lease, context });
  }

  private take(part: Part): void {
    this.controller.signal.throwIfAborted();
    if (part.type === 'usage') this.usage = part.usage;
    if (part.type !== 'start') this.hasOutput = true;
    this.waiting.push(part);
  }

  private beat(delayMs: number): void {
    this.cancelTimer = this.deps.clock.after(delayMs, () => {
      this.flush();
      this.beat(this.waiting.length > 0 || this.hasOutput ? FLUSH_MS : BEAT_MS);
    });
  }

  private lastWriteMs = 0;

  /** One write at a time: what comes meanwhile goes with the next. */
  private flush(): void {
    const now = this.deps.clock.now();
    if (this.writing || (this.waiting.length === 0 && now - this.lastWriteMs < BEAT_MS)) return;
    this.lastWriteMs = now;
    this.writing = this.write({})
      // A store of ours is away: what waits goes with the next write.
      .catch((error: unknown) => this.deps.onUnexpected(error, this.options.step.id))
      .then(() => (this.writing = undefined));
  }

  private async stop(): Promise<void> {
    this.cancelTimer();
    await this.writing;
  }

  /** What the client has been told, or will be, is not lost for want of a database. */
  private end(change: ChatChange): Promise<boolean> {
    return insist(() => this.write(change), { forMs: SAVE_FOR_MS, clock: this.deps.clock, isFinal: isRowFault });
  }

  /** Writes all that waits, and the change; false where somebody newer has the row. */
  private async write(change: ChatChange): Promise<boolean> {
    const { steps, clock, timing } = this.deps;
    const { id } = this.options.step;
    const moved = await steps.advanceOne({
      id,
      expected: ['submitting'],
      attempt: this.attempt,
      afterSequence: this.lastSequence,
      stepAtMs: clock.now() + timing.silenceMs,
      ...change,
      parts: [...this.waiting, ...(change.parts ?? [])],
    });
    if (moved) return this.written(moved.lastSequence);
    const row = await steps.find(id);
    if (row?.attempt === this.attempt) {
      // An earlier write whose answer was lost: of this one, too.
      if (row.state === change.state) return this.written(row.lastSequence);
      if (row.state === 'submitting' && row.lastSequence > this.lastSequence) {
        this.written(row.lastSequence);
        return this.write(change);
      }
    }
    this.isReplaced = true;
    this.controller.abort(new GatewayError('cancelled', 'Somebody ended it, or has gone on with it.'));
    return false;
  }

  /** Only this attempt appends to the log while it is the row's last, in the order in which the parts wait. */
  private written(lastSequence: number): true {
    this.waiting.splice(0, lastSequence - this.lastSequence);
    this.lastSequence = lastSequence;
    return true;
  }

  private async failed(thrown: unknown): Promise<SubmissionEnd> {
    const { clock } = this.deps;
    const { lease } = this.options;
    const { signal } = this.controller;
    const error: ErrorData = toGatewayError(signal.aborted ? signal.reason : thrown).data;
    if (error.code === 'internal') this.deps.onUnexpected(thrown, this.options.step.id);
    if (!signal.aborted) this.outcome = { type: 'failed', error };
    if (this.isReplaced) return { type: 'gone' };
    const isDraining = error.code === 'draining';
    if (!isDraining && this.isFinal(error)) {
      await this.end(failure(error));
      return { type: 'gone' };
    }
    const isQueued = await this.end({ state: 'queued', stepAtMs: clock.now() });
    if (!isQueued) return { type: 'gone' };
    if (isDraining) return { type: 'unknown', lookAtMs: clock.now() };
    return {
      type: 'refused',
      error: { ...error, saw: 'refused' },
      attempt: this.attempt,
      credentialId: lease.credentialId,
    };
  }
  /** Where nothing was told yet, credentials that only rest are waited for, however many they are. */
  private isFinal(error: ErrorData): boolean {
    const { attempt, hasOutput } = this;
    const limits = this.deps.attempts?.();
    if (remedyFor(error, { attempt, hasOutput, ...(limits && { limits }) }) !== 'fail') return false;
    return hasOutput || !isPassing(error) || verdictOf({ ...error, saw: 'refused' }) !== 'elsewhere';
  }
}
