import type { Usage } from '@sluice/contracts/chat-part';
import type { Lease } from '@sluice/contracts/credential';
import type { DurableInput } from '@sluice/contracts/durable-generation';
import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Part } from '@sluice/contracts/part';
import type { DurableChange } from '@sluice/domain-generations/durable-change';
import { stepContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { failure } from './operation-change.js';
import { remedyFor } from './retry-policy.js';
import type { SubmissionEnd, SubmissionOptions } from './submission.js';

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
  private writing: Promise<void> = Promise.resolve();
  private isReplaced = false;
  private cancelTimer: () => void = () => {};
  private readonly controller = new AbortController();

  constructor(
    private readonly deps: DurableDeps<Credential>,
    private readonly options: SubmissionOptions,
    private readonly input: ChatInput,
  ) {}

  async run(): Promise<SubmissionEnd> {
    const { source, keeper, steps, clock, timing } = this.deps;
    const { step, target, lease, signal } = this.options;
    const lookAtMs = clock.now() + timing.silenceMs;
    const attempt = await steps.intend({ step, lease, target, baseUrl: lease.baseUrl ?? '', lookAtMs });
    if (attempt === undefined) {
      await source.release(lease, { type: 'abandoned' });
      return { type: 'gone' };
    }
    this.attempt = attempt;
    const abort = () => this.controller.abort(new GatewayError('draining', 'The worker is shutting down.'));
    const stopKeeping = keeper.keep(lease, () => {});
    signal.addEventListener('abort', abort);
    try {
      return await this.make();
    } finally {
      signal.removeEventListener('abort', abort);
      stopKeeping();
      this.cancelTimer();
    }
  }

  private async make(): Promise<SubmissionEnd> {
    const { source } = this.deps;
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
    if (!this.isReplaced) {
      const used = this.usage?.totalTokens;
      await this.write({
        state: 'succeeded',
        progress: 100,
        ...(this.usage && { facts: { usage: { ...this.usage } } }),
        ...(used !== undefined && { used }),
        parts: [...this.waiting.splice(0), { type: 'succeeded' }],
      });
    }
    await source.release(lease, { type: 'succeeded', tokens: this.usage?.totalTokens });
    return { type: 'accepted' };
  }

  private start(lease: Lease): AsyncIterable<Part> {
    const { upstream, httpFor } = this.deps;
    const { step, target } = this.options;
    const { request, native } = this.input;
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
    };
    return upstream.chat(request, context);
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
    if (this.waiting.length === 0 && now - this.lastWriteMs < BEAT_MS) return;
    this.lastWriteMs = now;
    this.writing = this.writing.then(async () => {
      const parts = this.waiting.splice(0);
      try {
        await this.write({ parts });
      } catch (error) {
        // A store of ours is away: they go with the next write, in their order.
        this.waiting.unshift(...parts);
        this.deps.onUnexpected(error, this.options.step.id);
      }
    });
  }

  private async stop(): Promise<void> {
    this.cancelTimer();
    await this.writing;
  }

  private async write(change: Omit<DurableChange, 'id' | 'attempt' | 'expected'>): Promise<boolean> {
    const { steps, clock, timing } = this.deps;
    const moved = await steps.advanceOne({
      id: this.options.step.id,
      expected: ['submitting'],
      attempt: this.attempt,
      stepAtMs: clock.now() + timing.silenceMs,
      ...change,
    });
    if (moved) return true;
    this.isReplaced = true;
    this.controller.abort(new GatewayError('cancelled', 'Somebody ended it, or has gone on with it.'));
    return false;
  }

  private async failed(thrown: unknown): Promise<SubmissionEnd> {
    const { source, clock } = this.deps;
    const { lease } = this.options;
    const { signal } = this.controller;
    const error: ErrorData = toGatewayError(signal.aborted ? signal.reason : thrown).data;
    if (error.code === 'internal') this.deps.onUnexpected(thrown, this.options.step.id);
    await source.release(lease, signal.aborted ? { type: 'abandoned' } : { type: 'failed', error });
    if (this.isReplaced) return { type: 'gone' };
    const isDraining = error.code === 'draining';
    if (!isDraining && remedyFor(error, { attempt: this.attempt, hasOutput: this.hasOutput }) === 'fail') {
      await this.write({ ...failure(error), parts: [...this.waiting.splice(0), { type: 'failed', error }] });
      return { type: 'gone' };
    }
    const isQueued = await this.write({ state: 'queued', stepAtMs: clock.now(), parts: this.waiting.splice(0) });
    if (!isQueued) return { type: 'gone' };
    if (isDraining) return { type: 'unknown', lookAtMs: clock.now() };
    return {
      type: 'refused',
      error: { ...error, saw: 'refused' },
      attempt: this.attempt,
      credentialId: lease.credentialId,
    };
  }
}
