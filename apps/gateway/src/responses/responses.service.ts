import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { PartRecord } from '@sluice/contracts/part';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { countTokens } from '@sluice/wire-tokens/count-tokens';
import { decodeTokensRequest } from '@sluice/wire-openai-responses/decode-request';
import { isBackground } from '@sluice/wire-openai-responses/encode-frame';
import { encodeResponse, encodeRunning } from '@sluice/wire-openai-responses/encode-response';
import { listInputItems } from '@sluice/wire-openai-responses/list-input-items';
import { parseTokensRequest } from '@sluice/wire-openai-responses/parse-request';
import type { FastifyReply } from 'fastify';
import type { DialectEndpoint } from '../generations/dialect-endpoint.js';
import type { BackgroundService } from './background.service.js';
import type { EarlierItems } from './earlier-items.js';
import { replyReplay } from './reply-replay.js';
import { frameOf } from './response-frame.js';
import type { ResponseReader } from './response-reader.js';
import type { ResponseRuns } from './response-runs.js';
import { responsesEndpoint } from './responses.endpoint.js';

export interface ResponsesServiceOptions {
  store: ResponseStore;
  reader: ResponseReader;
  runs: ResponseRuns;
  earlier: EarlierItems;
  background: BackgroundService;
  clock: Clock;
  onError(error: unknown): void;
}

/** Everything that `/v1/responses` does beside answering a client that waits. */
export class ResponsesService {
  readonly endpoint: DialectEndpoint;
  readonly background: BackgroundService;

  constructor(private readonly options: ResponsesServiceOptions) {
    this.endpoint = responsesEndpoint(options);
    this.background = options.background;
  }

  async get(id: string, keyId: string): Promise<JsonObject> {
    return this.show(await this.owned(id, keyId));
  }

  /** As it stands. */
  async show(response: StoredResponse): Promise<JsonObject> {
    const frame = frameOf(response);
    if (response.outcome) return encodeResponse(frame, response.outcome);
    return encodeRunning(frame, await this.options.runs.of(response).standing());
  }

  /** Its events, from after a number to the end, finished or not. */
  async replay(options: {
    id: string;
    keyId: string;
    startingAfter: number | undefined;
    reply: FastifyReply;
  }): Promise<void> {
    const { id, keyId, startingAfter, reply } = options;
    await this.follow(await this.owned(id, keyId), { startingAfter, reply });
  }

  async follow(
    response: StoredResponse,
    { startingAfter, reply }: { startingAfter?: number | undefined; reply: FastifyReply },
  ): Promise<void> {
    const { reader, clock, onError } = this.options;
    const parts = response.outcome ? this.storedParts(response) : await this.liveParts(response, reply);
    const complete = reader.complete.bind(reader);
    const isGone = async ({ id, ownerKeyId }: StoredResponse) => !(await reader.find(id, ownerKeyId));
    await replyReplay({ response, parts, startingAfter, reply, clock, complete, isGone, onError });
  }

  /** Only what runs in the background can be cancelled by another call: the rest is when its client leaves. */
  async cancel(id: string, keyId: string): Promise<JsonObject> {
    const response = await this.owned(id, keyId);
    if (!isBackground(frameOf(response)))
      throw new GatewayError('invalid_request', 'Cannot cancel a synchronous response.', { param: 'response_id' });
    await this.background.cancel(response);
    return this.get(id, keyId);
  }

  async delete(id: string, keyId: string): Promise<JsonObject> {
    const response = await this.owned(id, keyId);
    const isDeleted = isBackground(frameOf(response))
      ? await this.background.delete(response)
      : await this.options.store.delete(id, keyId);
    if (!isDeleted) throw notFound(id);
    return { id, object: 'response', deleted: true };
  }

  async listInputItems(id: string, options: { keyId: string; query: unknown }): Promise<JsonObject> {
    const { input } = await this.owned(id, options.keyId);
    return listInputItems(input, options.query);
  }

  /** An estimate, made here: no upstream is troubled. */
  async countInputTokens(body: unknown, keyId: string): Promise<JsonObject> {
    const parsed = parseTokensRequest(body);
    const found = await this.options.earlier.find(parsed, keyId);
    return { object: 'response.input_tokens', input_tokens: countTokens(decodeTokensRequest(parsed, found)) };
  }

  private async owned(id: string, keyId: string): Promise<StoredResponse> {
    const found = await this.options.reader.find(id, keyId);
    if (!found) throw notFound(id);
    return found;
  }

  private async *storedParts({ id, ownerKeyId }: StoredResponse): AsyncGenerator<PartRecord[]> {
    const parts = (await this.options.store.findParts(id, ownerKeyId)) ?? [];
    yield parts.map((part, offset) => ({ sequence: offset + 1, part }));
  }

  private async liveParts(response: StoredResponse, reply: FastifyReply): Promise<AsyncIterable<PartRecord[]>> {
    const tail = await this.options.runs.of(response).follow();
    reply.raw.once('close', () => tail.close());
    return tail;
  }
}

function notFound(id: string): GatewayError {
  return new GatewayError('not_found', `Response with id '${id}' not found.`, { param: 'response_id' });
}
