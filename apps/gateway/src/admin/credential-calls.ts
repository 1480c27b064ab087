import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { tendedCredentialSchema, type TendCredential, type TendedCredential } from '@sluice/contracts/jobs';
import type { CredentialBulk, CredentialSelection } from '@sluice/domain-credentials/credential-bulk';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';

export interface CredentialCallsOptions {
  bulk: Pick<CredentialBulk, 'select'>;
  producer: Pick<Producer, 'add'>;
  subscriber: Redis;
  replicaId: string;
  clock: Clock;
  onError(error: unknown): void;
}

type Action = TendCredential['action'];

const ANSWER_MS = 20_000;
/** Credentials asked about at once: their workers have other work. */
const CALLS_AT_ONCE = 64;

/** Has workers test or refresh credentials: only they know how to speak to an upstream. */
export class CredentialCalls {
  private readonly waiting = new Map<string, (answer: TendedCredential) => void>();
  private readonly channel: string;

  constructor(private readonly options: CredentialCallsOptions) {
    this.channel = `sluice:tended:${options.replicaId}`;
  }

  async start(): Promise<void> {
    const { subscriber, onError } = this.options;
    subscriber.on('message', (channel: string, text: string) => {
      if (channel !== this.channel) return;
      try {
        const answer = tendedCredentialSchema.parse(JSON.parse(text));
        this.waiting.get(answer.callId)?.(answer);
      } catch (error) {
        onError(error);
      }
    });
    await subscriber.subscribe(this.channel);
  }

  /** The answers as they come, in no order. */
  async *run(action: Action, selection: CredentialSelection): AsyncGenerator<TendedCredential[]> {
    const running = new Set<Promise<void>>();
    const answers: TendedCredential[] = [];
    for await (const page of this.options.bulk.select(selection)) {
      for (const credential of page) {
        while (running.size >= CALLS_AT_ONCE) await Promise.race(running);
        if (answers.length > 0) yield answers.splice(0);
        const call: Promise<void> = this.ask(action, credential).then((answer) => {
          answers.push(answer);
          running.delete(call);
        });
        running.add(call);
      }
    }
    while (running.size > 0 || answers.length > 0) {
      if (answers.length === 0) await Promise.race(running);
      yield answers.splice(0);
    }
  }

  async one(action: Action, id: string): Promise<TendedCredential> {
    for await (const [answer] of this.run(action, { ids: [id] })) if (answer !== undefined) return answer;
    throw new GatewayError('not_found', `There is no credential '${id}'.`, { param: 'id' });
  }

  /** Never rejects: what goes wrong is the answer. */
  private async ask(action: Action, { id, upstream }: { id: string; upstream: string }): Promise<TendedCredential> {
    const { clock, producer } = this.options;
    const callId = `tend_${randomUUID()}`;
    const deadlineAtMs = clock.now() + ANSWER_MS;
    const failed = (code: string, message: string) => ({
      callId,
      credentialId: id,
      isUsable: false,
      durationMs: 0,
      code,
      message,
    });
    let cancel = () => {};
    const answered = new Promise<TendedCredential>((resolve) => {
      this.waiting.set(callId, resolve);
      cancel = clock.after(ANSWER_MS, () =>
        resolve(failed('unavailable', `No worker of upstream '${upstream}' answered in time.`)),
      );
    });
    try {
      await producer.add('tend-credential', {
        upstream,
        jobId: callId,
        payload: { action, credentialId: id, callId, replyTo: this.channel, deadlineAtMs },
      });
      return await answered;
    } catch {
      return failed('unavailable', 'The queue cannot be reached.');
    } finally {
      cancel();
      this.waiting.delete(callId);
    }
  }
}
