import type { Usage } from '@sluice/contracts/chat-part';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { GenerationInput, GenerationStatus, InteractiveGeneration } from '@sluice/contracts/generation';
import type { Part } from '@sluice/contracts/part';
import type { Target } from '@sluice/contracts/route';
import type { GenerationRecord } from '@sluice/domain-generations/generation-record';
import type { LiveWriter } from '@sluice/domain-generations/live-writer';

/** The state of one generation while a worker has it. */
export class GenerationRun {
  readonly excluded: string[] = [];
  /** The model began to rest at a credential of this target, and is served there again later. */
  hasMetRest = false;
  attempt = 0;
  target: Target | undefined;
  credentialId: string | undefined;
  lastError: ErrorData | undefined;
  private targetIndex = 0;
  private usage: Usage | undefined;
  /** Parts of this attempt that nobody has seen: thrown away if it fails. */
  private held: Part[] = [];

  constructor(
    readonly generation: InteractiveGeneration,
    readonly input: GenerationInput,
    readonly writer: LiveWriter,
    readonly controller: AbortController,
    readonly startedAtMs: number,
    /** It was put back before: it may stand in a queue of the credential pool. */
    readonly isAgain = false,
  ) {}

  /** Of the attempt that goes on, where its upstream has told. */
  get tokens(): number | undefined {
    return this.usage?.totalTokens;
  }

  /** True once parts are on their way to the client, which cannot be taken back. */
  get hasOutput(): boolean {
    return this.writer.count > 0;
  }

  get currentTarget(): Target | undefined {
    return this.generation.targets[this.targetIndex];
  }

  /** The current target and those after it. */
  get remainingTargets(): Target[] {
    return this.generation.targets.slice(this.targetIndex);
  }

  nextTarget(): void {
    this.targetIndex += 1;
    this.excluded.length = 0;
    this.hasMetRest = false;
  }

  beginAttempt(target: Target, credentialId: string): void {
    this.attempt += 1;
    this.target = target;
    this.credentialId = credentialId;
    this.usage = undefined;
    this.held = [
      { type: 'attempt', attempt: this.attempt, upstream: target.upstream, model: target.model, credentialId },
    ];
  }

  /**
   * Takes a part of the current attempt. It is held back until there is something worth sending: an upstream that
   * opens a stream and then fails can still be replaced, and its failure still be a real status.
   */
  take(part: Part): void {
    if (part.type === 'usage') this.usage = part.usage;
    this.held.push(part);
    if (!this.generation.isStreamed) return;
    if (!this.hasOutput && part.type === 'start') return;
    this.release();
  }

  /** Appends what is held, and the end of it all. */
  close(terminal: Part): void {
    this.release();
    this.writer.append(terminal);
  }

  /** Nothing of the failed attempt but its name goes on. */
  dropAttempt(): void {
    this.held = this.held.filter((part) => part.type === 'attempt');
  }

  toRecord(status: GenerationStatus): GenerationRecord {
    const { generation, attempt, startedAtMs, target, credentialId } = this;
    const record: GenerationRecord = { generation, status, attempt, startedAtMs };
    if (target) record.target = target;
    if (credentialId) record.credentialId = credentialId;
    return record;
  }

  toFinishedRecord(end: { status: GenerationStatus; atMs: number; error?: ErrorData }): GenerationRecord {
    const record = this.toRecord(end.status);
    record.finishedAtMs = end.atMs;
    record.eventsJson = this.writer.json;
    record.lastSequence = this.writer.lastSequence;
    if (this.usage) record.usage = this.usage;
    if (end.error) record.error = end.error;
    return record;
  }

  private release(): void {
    for (const part of this.held) this.writer.append(part);
    this.held.length = 0;
  }
}
