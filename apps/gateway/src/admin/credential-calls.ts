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

interface AskOptions {
  /** Of what takes long: how far it has come. */
  onPart?(answer: TendedCredential): void;
  /** Whom or what it is about, beside the account. */
  about?: Pick<TendCredential, 'character' | 'work'>;
  /** A worker that comes to it later leaves it. */
  lifeMs?: number;
}

const ANSWER_MS = 20_000;
const REMOVAL_LIFE_MS = 10 * 60_000;
/** Credentials asked about at once: their workers have other work. */
const CALLS_AT_ONCE = 64;

/** Has workers tend credentials: only they know how to speak to an upstream. */
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

  /** The answers as they come, in no order; of what takes long, first how far it has come. */
  async *run(action: Action, selection: CredentialSelection): AsyncGenerator<TendedCredential[]> {
    const running = new Set<Promise<void>>();
    const answers = new Answers();
    for await (const page of this.options.bulk.select(selection)) {
      for (const credential of page) {
        while (running.size >= CALLS_AT_ONCE) await Promise.race(running);
        if (answers.hasSome) yield answers.take();
        const call: Promise<void> = this.ask(action, credential, { onPart: (part) => answers.add(part) }).then(
          (answer) => {
            running.delete(call);
            answers.add(answer);
          },
        );
        running.add(call);
      }
    }
    while (running.size > 0 || answers.hasSome) {
      await answers.arrival();
      yield answers.take();
    }
  }

  async one(action: Action, id: string): Promise<TendedCredential> {
    for await (const answers of this.run(action, { ids: [id] })) {
      const answer = answers.find(({ isPartial }) => isPartial !== true);
      if (answer !== undefined) return answer;
    }
    throw new GatewayError('not_found', `There is no credential '${id}'.`, { param: 'id' });
  }

  /** Of one account, what the owner of a character in it asks; of an account that is gone, nothing. */
  async ofCharacter(
    call: { action: Action; character: NonNullable<TendCredential['character']> },
    account: { id: string; upstream: string },
  ): Promise<TendedCredential> {
    return this.ask(call.action, account, { about: { character: call.character } });
  }

  /** Has what was made and is forgotten here removed from its account; a worker that was away does it when it is back. */
  async removeWork(
    work: NonNullable<TendCredential['work']>,
    account: { id: string; upstream: string },
  ): Promise<TendedCredential> {
    return this.ask('remove-work', account, { about: { work }, lifeMs: REMOVAL_LIFE_MS });
  }

  /** Never rejects: what goes wrong is the answer. */
  private async ask(
    action: Action,
    { id, upstream }: { id: string; upstream: string },
    { onPart = () => {}, about, lifeMs = ANSWER_MS }: AskOptions,
  ): Promise<TendedCredential> {
    const { clock, producer } = this.options;
    const callId = `tend_${randomUUID()}`;
    const deadlineAtMs = clock.now() + lifeMs;
    const failed = (message: string) => ({
      callId,
      credentialId: id,
      isUsable: false,
      durationMs: 0,
      code: 'unavailable',
      message,
    });
    const payload = { action, credentialId: id, callId, replyTo: this.channel, deadlineAtMs, ...about };
    try {
      const answered = this.answerOf(callId, onPart);
      await producer.add('tend-credential', { upstream, jobId: callId, payload });
      return (await answered) ?? failed(`No worker of upstream '${upstream}' answered in time.`);
    } catch {
      return failed('The queue cannot be reached.');
    } finally {
      this.waiting.delete(callId);
    }
  }

  /** Undefined after a silence that was too long. */
  private answerOf(callId: string, onPart: (answer: TendedCredential) => void): Promise<TendedCredential | undefined> {
    const { clock } = this.options;
    return new Promise((resolve) => {
      const giveUp = () => clock.after(ANSWER_MS, () => resolve(undefined));
      let cancel = giveUp();
      this.waiting.set(callId, (answer) => {
        cancel();
        if (answer.isPartial !== true) return resolve(answer);
        onPart(answer);
        cancel = giveUp();
      });
    });
  }
}

/** What has come and has not been told yet. */
class Answers {
  private waiting: TendedCredential[] = [];
  private wake = () => {};

  get hasSome(): boolean {
    return this.waiting.length > 0;
  }

  add(answer: TendedCredential): void {
    this.waiting.push(answer);
    this.wake();
  }

  take(): TendedCredential[] {
    return this.waiting.splice(0);
  }

  async arrival(): Promise<void> {
    if (!this.hasSome) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}
