import type { Producer } from '@sluice/platform-queue/create-producer';

/** What is to be looked at, and by whose workers. */
export interface Due {
  upstream: string;
  generationId: string;
  /** Not before that long from now. */
  delayMs?: number;
  traceparent?: string | undefined;
}

/** Tells workers that there is a step to do. Rows are the truth: a bell that is not heard is rung again by the reconciler. */
export class DurableBell {
  constructor(private readonly options: { producer: Producer; onError(error: unknown): void }) {}

  /** Never throws, and nobody need wait for it. */
  async ring(due: Due): Promise<void> {
    await this.add(due).catch(this.options.onError);
  }

  /** As `ring`, for one who wants to know whether it was heard. Ids differ by reason, or the job that rings would hide the new one. */
  add({ upstream, generationId, delayMs, traceparent }: Due, reason: StepReason = 'step'): Promise<void> {
    return this.options.producer.add('step-generation', {
      upstream,
      payload: { generationId, ...(traceparent !== undefined && { traceparent }) },
      jobId: stepJobId(generationId, reason),
      ...(delayMs !== undefined && { delayMs }),
    });
  }

  async ringFor(due: Due, reason: StepReason): Promise<void> {
    await this.add(due, reason).catch(this.options.onError);
  }

  /** Rings for a step that is due now, though its job may be planned for later. Never throws. */
  async ringNow(due: Due): Promise<void> {
    await this.addNow(due, 'step').catch(this.options.onError);
  }

  /** As `add`; a job that is planned for later would swallow the new one, and is brought forward. */
  async addNow(due: Due, reason: StepReason): Promise<void> {
    const { upstream, generationId } = due;
    await this.add(due, reason);
    const jobId = stepJobId(generationId, reason);
    await this.options.producer.promote({ name: 'step-generation', upstream, jobId });
  }

  /** A look at what runs under a credential; one that is planned already is brought forward. Never throws. */
  async ringPoll(poll: DuePoll): Promise<void> {
    const { producer, onError } = this.options;
    try {
      await this.addPoll(poll);
      await producer.promote({ name: 'poll-credential', upstream: poll.upstream, jobId: pollJobId(poll.credentialId) });
    } catch (error) {
      onError(error);
    }
  }

  addPoll({ upstream, credentialId, delayMs }: DuePoll): Promise<void> {
    const jobId = pollJobId(credentialId);
    return this.options.producer.add('poll-credential', { upstream, payload: { credentialId }, jobId, delayMs });
  }
}

/** A credential under which something runs. */
export interface DuePoll {
  upstream: string;
  credentialId: string;
  delayMs: number;
}

/** `tidy`: nothing is due but what a generation left behind. */
export type StepReason = 'step' | 'again' | 'collect' | 'cancel' | 'tidy';

export function stepJobId(generationId: string, reason: StepReason): string {
  return reason === 'step' ? generationId : `${generationId}.${reason}`;
}

export function pollJobId(credentialId: string): string {
  return `poll.${credentialId}`;
}
