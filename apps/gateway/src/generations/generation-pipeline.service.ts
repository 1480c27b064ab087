import type { Clock } from '@sluice/contracts/clock';
import { isTerminal } from '@sluice/contracts/part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { InteractiveGeneration } from '@sluice/contracts/generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { DEFERRED_PRIORITY } from '@sluice/contracts/jobs';
import { broadcastCancel } from '@sluice/domain-generations/cancellation';
import type { GenerationWriter } from '@sluice/domain-generations/generation-writer';
import type { InputStore } from '@sluice/domain-generations/input-store';
import type { LiveNames } from '@sluice/domain-generations/live-channel';
import type { LiveReader } from '@sluice/domain-generations/live-reader';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import { needsOf } from '@sluice/domain-routing/request-needs';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';
import { fileTargets } from '../files/file-targets.js';
import type { CallContext } from '../http/call-context.js';
import type { DecodedCall } from './dialect-endpoint.js';
import { nativeTargets, targetsOfKind } from './native-targets.js';

/** A row is written at once only for what lasts longer than this; the worker writes the rest when it is finished. */
const QUEUED_ROW_DELAY_MS = 100;

/** How long a cancellation is waited for before the generation is shown as it then stands. */
const CANCEL_WAIT_MS = 1_000;

/** An accepted call, and the place where its parts arrive. */
export interface Submitted {
  generation: InteractiveGeneration;
  tail: LiveTail;
}

export interface GenerationPipelineOptions {
  resolver: RouteResolver;
  producer: Producer;
  reader: LiveReader;
  rows: GenerationWriter;
  inputs: InputStore;
  redis: Redis;
  names: LiveNames;
  replicaId: string;
  clock: Clock;
  onError(error: unknown): void;
}

/** Admits calls: route, subscribe, enqueue. Forward only; the answer comes back through the tail. */
export class GenerationPipeline {
  constructor(private readonly options: GenerationPipelineOptions) {}

  async submit(call: DecodedCall, context: CallContext): Promise<Submitted> {
    const { reader, producer, rows } = this.options;
    const generation = await this.createGeneration(call, context);
    const tail = reader.openOwn(generation.id);
    try {
      const [first] = generation.targets;
      if (!first) throw new GatewayError('internal', 'A route without targets.');
      const job = { upstream: first.upstream, payload: generation, jobId: generation.id };
      await producer.add('run-generation', { ...job, ...(generation.isDeferred && { priority: DEFERRED_PRIORITY }) });
    } catch (error) {
      tail.close();
      throw error;
    }
    rows.recordLater({ generation, status: 'queued' }, QUEUED_ROW_DELAY_MS);
    return { generation, tail };
  }

  /** The answer has been seen to its end: its row is the worker's business. */
  settle({ generation, tail }: Submitted): void {
    this.options.rows.forget(generation.id);
    tail.close();
  }

  /** Stops work that nobody waits for any more, wherever it is. */
  async cancel({ generation, tail }: Submitted): Promise<void> {
    tail.close();
    const { producer, redis, names, rows, clock } = this.options;
    await broadcastCancel({ redis, names, generationId: generation.id });
    for (const { upstream } of generation.targets) {
      const found = await producer.remove({ name: 'run-generation', upstream, jobId: generation.id });
      if (found !== 'removed') continue;
      rows.record({ generation, status: 'cancelled', finishedAtMs: clock.now() });
      return;
    }
  }

  /** Asks every worker to stop a generation that was not submitted here. */
  async cancelById(generationId: string): Promise<void> {
    const { redis, names, reader } = this.options;
    const tail = await reader.open(generationId, 0);
    await broadcastCancel({ redis, names, generationId });
    const stop = this.options.clock.after(CANCEL_WAIT_MS, () => tail.close());
    for await (const batch of tail) if (batch.some(({ part }) => isTerminal(part))) break;
    stop();
    tail.close();
  }

  private async createGeneration(call: DecodedCall, context: CallContext): Promise<InteractiveGeneration> {
    const { resolver, clock, replicaId, inputs } = this.options;
    const { model } = call.input.request;
    const createdAtMs = clock.now();
    const id = createGenerationId(createdAtMs);
    return {
      id,
      kind: call.input.kind,
      ownerKeyId: context.keyId,
      dialect: call.dialect,
      model,
      targets: nativeTargets(
        call,
        fileTargets(
          call.input,
          targetsOfKind(
            call,
            resolver.resolve(model, call.input.kind, () => needsOf(call.input)),
          ),
        ),
      ),
      createdAtMs,
      deadlineAtMs: createdAtMs + context.deadlineMs,
      isStreamed: call.isStreamed && !call.telling?.isGathered,
      requestId: context.requestId,
      traceparent: context.traceparent,
      ...(context.isDeferred && { isDeferred: true as const }),
      replyTo: replicaId,
      input: await inputs.place(id, call.input, context.bodyBytes),
    };
  }
}
