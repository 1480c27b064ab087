import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Part } from '@sluice/contracts/part';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import { decodeRequest, type DecodedRequest } from '@sluice/wire-openai-responses/decode-request';
import { encodeFrame, type ResponseFrame } from '@sluice/wire-openai-responses/encode-frame';
import { encodeOutcome, type Outcome } from '@sluice/wire-openai-responses/encode-outcome';
import { encodeResponse } from '@sluice/wire-openai-responses/encode-response';
import { createStreamEncoder } from '@sluice/wire-openai-responses/encode-stream';
import { toResponseId } from '@sluice/wire-openai-responses/item-id';
import { keepInputItems } from '@sluice/wire-openai-responses/list-input-items';
import { parseRequest, type ParsedRequest } from '@sluice/wire-openai-responses/parse-request';
import type { DecodedCall, DialectEndpoint, ReplyContext } from '../generations/dialect-endpoint.js';
import type { EarlierItems, FoundItems } from './earlier-items.js';
import { toStoredFrame } from './response-frame.js';
import { estimateFor } from './token-estimate.js';

export interface ResponsesEndpointOptions {
  earlier: EarlierItems;
  store: ResponseStore;
  clock: Clock;
}

/** `POST /v1/responses`, answered while the client waits. */
export function responsesEndpoint(options: ResponsesEndpointOptions): DialectEndpoint {
  return async (body, { keyId }) => {
    const parsed = parseRequest(body);
    if (parsed.body.background === true) throw noBackground();
    const found = await options.earlier.find(parsed, keyId);
    return new ResponseCall(options, { parsed, found, decoded: decodeRequest(parsed, found), ownerKeyId: keyId }).call;
  };
}

interface Asked {
  parsed: ParsedRequest;
  found: FoundItems;
  decoded: DecodedRequest;
  ownerKeyId: string;
}

/** One response on its way: kept before it is told, and told as it was kept. */
class ResponseCall {
  private kept: Outcome | undefined;

  constructor(
    private readonly options: ResponsesEndpointOptions,
    private readonly asked: Asked,
  ) {}

  get call(): DecodedCall {
    const { parsed, found, decoded } = this.asked;
    return {
      dialect: 'openai-responses',
      input: { kind: 'chat', request: decoded.request },
      isStreamed: parsed.body.stream ?? false,
      ignored: decoded.ignored,
      addedBytes: found.bytes,
      ...(parsed.body.store !== false && this.keeping()),
      openStream: (context) =>
        createStreamEncoder({
          frame: this.frame(context),
          nowSeconds: () => this.nowSeconds(),
          estimate: estimateFor(decoded.request),
          keptOutcome: () => this.kept,
        }),
      encodeWhole: (parts, context) => encodeResponse(this.frame(context), this.kept ?? this.outcomeOf(parts, context)),
    };
  }

  private keeping(): Pick<DecodedCall, 'beforeStart' | 'beforeEnd'> {
    return {
      beforeStart: (context) => this.insert(context),
      beforeEnd: async (parts, context) => {
        const outcome = this.outcomeOf(parts, context);
        const id = toResponseId(context.generationId);
        this.kept = await this.options.store.complete(id, { ...outcome, parts });
      },
    };
  }

  private outcomeOf(parts: readonly Part[], context: ReplyContext): Outcome {
    const frame = this.frame(context);
    const estimate = estimateFor(this.asked.decoded.request);
    return encodeOutcome(parts, { frame, completedSeconds: this.nowSeconds(), estimate });
  }

  private async insert(context: ReplyContext): Promise<void> {
    const { parsed, found, ownerKeyId } = this.asked;
    const id = toResponseId(context.generationId);
    const items = parsed.items.map((item) =>
      item.type === 'item_reference' ? (found.referenced.get(item.id) ?? item) : item,
    );
    await this.options.store.insert({
      id,
      ownerKeyId,
      createdAtMs: context.createdAtMs,
      previousResponseId: parsed.previousResponseId,
      frame: toStoredFrame(this.frame(context)),
      input: keepInputItems(items, id),
    });
  }

  private frame({ generationId, createdAtMs }: ReplyContext): ResponseFrame {
    const createdSeconds = Math.floor(createdAtMs / 1000);
    return encodeFrame(this.asked.parsed.body, { id: toResponseId(generationId), createdSeconds });
  }

  private nowSeconds(): number {
    return Math.floor(this.options.clock.now() / 1000);
  }
}

function noBackground(): GatewayError {
  const message = "background: responses are not made in the background yet. Leave it out, or set 'stream'.";
  return new GatewayError('unsupported', message, { param: 'background' });
}
