import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { PartRecord } from '@sluice/contracts/part';
import type { LiveReader } from '@sluice/domain-generations/live-reader';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { countTokens } from '@sluice/wire-anthropic-messages/count-tokens';
import { decodeTokensRequest } from '@sluice/wire-openai-responses/decode-request';
import { encodeResponse } from '@sluice/wire-openai-responses/encode-response';
import { toGenerationId } from '@sluice/wire-openai-responses/item-id';
import { listInputItems } from '@sluice/wire-openai-responses/list-input-items';
import { parseTokensRequest } from '@sluice/wire-openai-responses/parse-request';
import type { FastifyReply } from 'fastify';
import type { DialectEndpoint } from '../generations/dialect-endpoint.js';
import type { EarlierItems } from './earlier-items.js';
import { replyReplay } from './reply-replay.js';
import { frameOf } from './response-frame.js';
import type { ResponseReader } from './response-reader.js';
import { responsesEndpoint } from './responses.endpoint.js';

export interface ResponsesServiceOptions {
  store: ResponseStore;
  reader: ResponseReader;
  earlier: EarlierItems;
  live: LiveReader;
  clock: Clock;
}

/** Everything that `/v1/responses` does beside answering. */
export class ResponsesService {
  readonly endpoint: DialectEndpoint;

  constructor(private readonly options: ResponsesServiceOptions) {
    this.endpoint = responsesEndpoint(options);
  }

  async get(id: string, keyId: string): Promise<JsonObject> {
    const response = await this.owned(id, keyId);
    return encodeResponse(frameOf(response), response.outcome);
  }

  /** Its events, from after a number to the end, finished or not. */
  async replay(options: {
    id: string;
    keyId: string;
    startingAfter: number | undefined;
    reply: FastifyReply;
  }): Promise<void> {
    const { id, keyId, startingAfter, reply } = options;
    const { reader, clock } = this.options;
    const response = await this.owned(id, keyId);
    const parts = response.outcome ? this.storedParts(response) : await this.liveParts(response, reply);
    const complete = reader.complete.bind(reader);
    await replyReplay({ response, parts, startingAfter, reply, clock, complete });
  }

  /** Only what runs in the background can be cancelled by another call: the rest is when its client leaves. */
  async cancel(id: string, keyId: string): Promise<JsonObject> {
    const response = await this.owned(id, keyId);
    const { response: shown } = frameOf(response);
    if (shown['background'] === true) return encodeResponse(frameOf(response), response.outcome);
    throw new GatewayError('invalid_request', 'Cannot cancel a synchronous response.', { param: 'response_id' });
  }

  async delete(id: string, keyId: string): Promise<JsonObject> {
    if (!(await this.options.store.delete(id, keyId))) throw notFound(id);
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

  private async liveParts({ id }: StoredResponse, reply: FastifyReply): Promise<AsyncIterable<PartRecord[]>> {
    const tail = await this.options.live.open(toGenerationId(id) ?? '', 0);
    reply.raw.once('close', () => tail.close());
    return tail;
  }
}

function notFound(id: string): GatewayError {
  return new GatewayError('not_found', `Response with id '${id}' not found.`, { param: 'response_id' });
}
