import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { createGenerationId, generationTimeMs } from '@sluice/contracts/generation-id';
import { isTerminal } from '@sluice/contracts/part';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { toGenerationId, toResponseId } from '@sluice/wire-openai-responses/item-id';
import type { FastifyRequest } from 'fastify';
import type { AroundCall } from '../generations/around-call.js';
import type { DurablePipeline } from '../generations/durable-pipeline.service.js';
import { type CallContext, callContextOf, headerOf } from '../http/call-context.js';
import { type ClaimRules, claimOf } from '../idempotency/idempotency-claim.js';
import { type AskedResponse, readAsked, toNewResponse } from './asked-response.js';
import type { EarlierItems } from './earlier-items.js';
import type { ResponseReader } from './response-reader.js';
import { responseCall } from './responses.endpoint.js';
import { estimateFor } from './token-estimate.js';

export interface BackgroundServiceOptions {
  store: ResponseStore;
  reader: ResponseReader;
  earlier: EarlierItems;
  pipeline: DurablePipeline;
  generations: DurableGenerations;
  around: AroundCall;
  claimRules(): ClaimRules;
  clock: Clock;
}

/** A response that is on the disk, and will be answered whoever leaves or dies. */
export interface AdmittedResponse {
  response: StoredResponse;
  isStreamed: boolean;
  /** The same call came before. */
  isReplayed: boolean;
  ignored: readonly string[];
}

/** How long a cancellation is waited for before the response is shown as it then stands. */
const CANCEL_WAIT_MS = 5_000;
/** Held back where the client sets no bound; what was not used is given back. */
const USUAL_OUTPUT_TOKENS = 32_768;

/** `POST /v1/responses` with `background: true`, and the end of those before their time. */
export class BackgroundService {
  constructor(private readonly options: BackgroundServiceOptions) {}

  async create(request: FastifyRequest): Promise<AdmittedResponse> {
    const { earlier, pipeline, store, claimRules, clock } = this.options;
    const context = callContextOf(request);
    const asked = await readAsked(request.body, { earlier, keyId: context.keyId });
    const { input, ignored, showsSources } = await this.prepare(asked, request, context);
    const id = createGenerationId(clock.now());
    const createdAtMs = generationTimeMs(id) ?? clock.now();
    const record = toNewResponse(asked, { generationId: id, createdAtMs, showsSources });
    const { generation, isReplayed } = await pipeline.submit(
      {
        id,
        dialect: 'openai-responses',
        input,
        reservation: { unit: 'token', amount: tokensAtMost(asked) },
        idempotency: claimOf(request, request.body, claimRules()),
        alongside: (transaction) => store.insert(record, transaction),
      },
      context,
    );
    const response = isReplayed ? await this.find(generation.id, context) : { ...record, outcome: undefined };
    return { response, isStreamed: asked.parsed.body.stream ?? false, isReplayed, ignored };
  }

  /** Idempotent; resolves when it has ended, or soon after where its worker does not hear. */
  async cancel({ id, ownerKeyId, outcome }: StoredResponse): Promise<void> {
    const { generations, clock } = this.options;
    const generationId = toGenerationId(id);
    if (outcome || generationId === undefined || !(await generations.cancel(generationId, ownerKeyId))) return;
    const tail = await generations.tail(generationId, 0);
    const stop = clock.after(CANCEL_WAIT_MS, () => tail.close());
    for await (const records of tail) if (records.some(({ part }) => isTerminal(part))) break;
    stop();
    tail.close();
  }

  /** What runs is ended first. What was said and asked is gone; of one that does not end at once, after the retention. */
  async delete(response: StoredResponse): Promise<boolean> {
    const { generations, store } = this.options;
    const { id, ownerKeyId } = response;
    await this.cancel(response);
    const isDeleted = await store.delete(id, ownerKeyId);
    await generations.remove({ id: toGenerationId(id) ?? '', ownerKeyId, deleteFiles: () => Promise.resolve() });
    return isDeleted;
  }

  /** As a call that waits goes: what is remembered of earlier answers is put back. */
  private async prepare(asked: AskedResponse, request: FastifyRequest, context: CallContext) {
    const called = { context, body: request.body, header: (name: string) => headerOf(request, name) };
    const { input, ignored, telling } = await this.options.around(responseCall(this.options, asked), called);
    if (input.kind !== 'chat') throw new GatewayError('internal', 'A response became something else.');
    const { isGathered = false, showsSources = false } = telling ?? {};
    return { input: { ...input, ...(isGathered && { isGathered }) }, ignored, showsSources };
  }

  private async find(generationId: string, { keyId }: CallContext): Promise<StoredResponse> {
    const found = await this.options.reader.find(toResponseId(generationId), keyId);
    if (!found) throw new GatewayError('not_found', 'The response that this call made was deleted.');
    return found;
  }
}

function tokensAtMost({ parsed, decoded }: AskedResponse): number {
  return estimateFor(decoded.request).inputTokens() + (parsed.body.max_output_tokens ?? USUAL_OUTPUT_TOKENS);
}
